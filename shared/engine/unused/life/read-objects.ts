/** The objects of an identity as Graph shows them now, in the directory or in its bin. */
import { z } from "zod";
import { deletedItemRead } from "../../../actions/deleted-objects.ts";
import { existsRead } from "../../../actions/foothold-reads.ts";
import { servicePrincipalRead } from "../../../actions/reads.ts";
import { type IdentityKey, type IdentityRef, refOfKey } from "../../../domain/identity.ts";
import type { Services } from "../../../ports/services.ts";
import type { ApiAnswer } from "../../../ports/tenant.ts";
import { askAll, distinct } from "../../snapshot/read-facts.ts";

const Principal = z.object({ accountEnabled: z.boolean() });

/** `enabled` null: Graph shows no service principal; undefined: it could not be read. `known`: ids that the rows hold besides the key. */
export async function readObjects(
  services: Services,
  key: IdentityKey,
  known: IdentityRef | null,
): Promise<{ readonly enabled: boolean | null | undefined }> {
  const own = refOfKey(key);
  const request = servicePrincipalRead(own.appId === null && known !== null ? known : own);
  const answer = (await askAll(services, [request])).get(request);
  if (answer?.ok !== true) return { enabled: isAbsent(answer) ? null : undefined };
  return { enabled: Principal.safeParse(answer.body).data?.accountEnabled };
}

export type Whereabouts = "live" | "bin" | "gone" | "unread";

/** Where the objects are: one of them live is `live`, one in the bin `bin`; `gone` only when Graph knows none of them any more. */
export async function whereAre(
  services: Services,
  objects: readonly { readonly collection: "applications" | "servicePrincipals"; readonly id: string }[],
): Promise<Whereabouts> {
  const lives = objects.map(({ collection, id }) => existsRead(collection, id));
  const bins = objects.map(({ id }) => deletedItemRead(id));
  const answers = await askAll(services, distinct([...lives, ...bins]));
  const of = (requests: typeof lives) => requests.map((request) => answers.get(request));
  const [live, bin] = [of(lives), of(bins)];
  if (live.some((answer) => answer?.ok === true)) return "live";
  if (bin.some((answer) => answer?.ok === true)) return "bin";
  return objects.length > 0 && [...live, ...bin].every(isAbsent) ? "gone" : "unread";
}

function isAbsent(answer: ApiAnswer | undefined): boolean {
  return answer?.ok === false && answer.status === 404;
}
