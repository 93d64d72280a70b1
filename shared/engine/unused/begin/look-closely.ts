/** A candidate as Graph shows it now, in one batch of low priority: the last look before anybody is told. */
import { z } from "zod";
import { ownersRead } from "../../../actions/foothold-reads.ts";
import { assignedToRead, heldAppRolesRead, servicePrincipalRead } from "../../../actions/reads.ts";
import { Guid, type IdentityRef } from "../../../domain/identity.ts";
import { ServicePrincipal } from "../../../domain/snapshot.ts";
import type { Owner } from "../../../domain/use.ts";
import type { Services } from "../../../ports/services.ts";
import { type ApiAnswer, type ApiRequest, apiPath } from "../../../ports/tenant.ts";
import { permissionPhrase } from "../scan/privilege-phrases.ts";

export interface CloseLook {
  readonly owners: readonly Owner[];
  /** object ids of the applications that may call it */
  readonly clients: readonly string[];
  /** users or groups are assigned to it */
  readonly hasUsers: boolean;
  /** by application permissions of any API, one phrase each */
  readonly privileges: readonly string[];
}

/** Why it cannot be begun now: `not-now`, Graph may say another time. */
export type NotSeen = { readonly why: string; readonly isForNow: boolean };

const type = z.string().nullish();
const Owners = z.object({ value: z.array(z.looseObject({ id: Guid, "@odata.type": type })) });
const Assigned = z.object({
  value: z.array(z.looseObject({ principalType: type, principalId: Guid })),
  "@odata.nextLink": type,
});
const Held = z.object({ value: z.array(z.looseObject({ appRoleId: Guid })), "@odata.nextLink": type });
const Published = z.looseObject({ onPremisesPublishing: z.looseObject({ externalUrl: type }).nullish() });

/** `asksProxy`: whether application proxy publishes it is not known. */
export async function lookClosely(
  services: Services,
  identity: IdentityRef,
  asksProxy: boolean,
): Promise<CloseLook | NotSeen> {
  const { applicationObjectId } = identity;
  const requests = [
    servicePrincipalRead(identity),
    assignedToRead(identity),
    heldAppRolesRead(identity),
    ownersRead("servicePrincipal", identity),
    ...(applicationObjectId === null ? [] : [ownersRead("application", identity)]),
    ...(asksProxy && applicationObjectId !== null ? [proxyRead(applicationObjectId)] : []),
  ];
  const deadlineAt = services.clock.now() + services.limits.requestTimeoutMs;
  const answers = await services.tenant.read(requests, { deadlineAt, priority: "low" });
  const failed = answers.find((answer) => !answer.ok);
  if (failed !== undefined && !failed.ok) return notSeen(failed.code, failed.retryable);
  const [principal, assigned, held, ...owned] = answers;
  const proxy = asksProxy && applicationObjectId !== null ? owned.pop() : undefined;
  return isUnfit(principal, proxy) ?? seen(assigned, held, owned);
}

function notSeen(why: string, isForNow = false): NotSeen {
  return { why, isForNow };
}

function proxyRead(applicationObjectId: string): ApiRequest {
  const path = apiPath`/applications/${applicationObjectId}?$select=id,onPremisesPublishing`;
  return { method: "GET", version: "beta", path, lane: "directory" };
}

function isUnfit(principal: ApiAnswer | undefined, proxy: ApiAnswer | undefined): NotSeen | null {
  const enabled = parsed(ServicePrincipal, principal)?.accountEnabled;
  if (enabled !== true) return notSeen("it is not enabled, or that cannot be read");
  if (proxy === undefined) return null;
  const published = parsed(Published, proxy);
  if (published === null) return notSeen("whether application proxy publishes it cannot be read");
  return published.onPremisesPublishing?.externalUrl ? notSeen("application proxy publishes it") : null;
}

function seen(
  assignedAnswer: ApiAnswer | undefined,
  heldAnswer: ApiAnswer | undefined,
  ownedAnswers: readonly ApiAnswer[],
): CloseLook | NotSeen {
  const assigned = parsed(Assigned, assignedAnswer);
  const held = parsed(Held, heldAnswer);
  const owned = ownedAnswers.map((answer) => parsed(Owners, answer));
  if (assigned === null || held === null || owned.includes(null)) return notSeen("Graph answered in another shape");
  // more than a page: whatever else there is, it is not unused by many
  if (assigned["@odata.nextLink"] || held["@odata.nextLink"]) return notSeen("more is assigned to it than one page");
  const owners = new Map(owned.flatMap((page) => page?.value ?? []).map((one) => [one.id, one["@odata.type"] ?? null]));
  const isClient = (one: { readonly principalType?: string | null | undefined }) =>
    one.principalType !== "User" && one.principalType !== "Group";
  return {
    owners: [...owners].map(([objectId, kind]) => ({ objectId, type: kind })),
    clients: assigned.value.filter(isClient).map(({ principalId }) => principalId),
    hasUsers: assigned.value.some((one) => !isClient(one)),
    privileges: [...new Set(held.value.flatMap(({ appRoleId }) => permissionPhrase(appRoleId) ?? []))],
  };
}

function parsed<T extends z.ZodType>(Shape: T, answer: ApiAnswer | undefined): z.output<T> | null {
  return answer?.ok === true ? (Shape.safeParse(answer.body).data ?? null) : null;
}
