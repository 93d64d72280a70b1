/** The managed identity that Tourniquet runs as: found by its ids, never by a name. */
import { z } from "zod";
import { servicePrincipalPath, servicePrincipalRead } from "../../shared/actions/reads.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { Guid, nobodyIn } from "../../shared/domain/identity.ts";
import type { ApiRequest, Tenant } from "../../shared/ports/tenant.ts";
import { bodyOf, readOne } from "./ask.ts";

const ManagedIdentity = z.object({
  id: Guid,
  appId: Guid,
  displayName: z.string().nullish(),
  servicePrincipalType: z.string(),
  alternativeNames: z.array(z.string()).nullish(),
});
export type ManagedIdentity = z.infer<typeof ManagedIdentity>;

/** What reading it takes. */
export const readingTakes = "Application.Read.All, or the directory role Directory Readers";

/** `id`: object id or client id. Throws TerminalError saying what it is instead, or that there is none. */
export async function findManagedIdentity(tenant: Tenant, tenantId: string, id: string): Promise<ManagedIdentity> {
  const nobody = nobodyIn(tenantId);
  const byObject = servicePrincipalRead({ ...nobody, servicePrincipalId: id });
  const byClient = servicePrincipalRead({ ...nobody, appId: id });
  for (const request of [byObject, byClient]) {
    const body = bodyOf(await readOne(tenant, request), `reading the identity ${id}`, readingTakes);
    if (body === null) continue;
    const found = ManagedIdentity.parse(body);
    if (found.servicePrincipalType === "ManagedIdentity") return found;
    const message = `${id} is no managed identity, but of type ${JSON.stringify(found.servicePrincipalType)}: Tourniquet runs as a managed identity, and nothing else is given or taken permissions here. Its ids are in the portal under the function app's Identity.`;
    throw new TerminalError(message, { code: "no-managed-identity" });
  }
  const message = `tenant ${tenantId} has no service principal with the object id or client id ${id}: a new managed identity takes a minute to show; else check that you are signed in to its tenant`;
  throw new TerminalError(message, { code: "unknown-identity" });
}

export function identityIdOf(text: string | undefined): string {
  const parsed = Guid.safeParse(text);
  if (parsed.success) return parsed.data;
  const message = `--identity ${text === undefined ? "is missing" : JSON.stringify(text)}: write the object id or the client id (a GUID) of the managed identity; names decide nothing here`;
  throw new TerminalError(message, { code: "usage" });
}

/** Every assignment that the identity holds, on whatever API. */
export function heldAssignmentsRead({ id }: Pick<ManagedIdentity, "id">): ApiRequest {
  const path = servicePrincipalPath({ ...nobodyIn(""), servicePrincipalId: id });
  return {
    ...{ method: "GET", version: "v1.0", lane: "directory", allPages: true },
    path: `${path}/appRoleAssignments?$top=999`,
  };
}
