/** App role assignments of the identity, and what Microsoft Graph offers: read, given, taken. */
import { z } from "zod";
import { servicePrincipalPath } from "../../shared/actions/reads.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { Guid, nobodyIn } from "../../shared/domain/identity.ts";
import { type ApiAnswer, type ApiRequest, apiPath, type Tenant } from "../../shared/ports/tenant.ts";
import { graphAppId } from "../permissions/app-roles.ts";
import { bodyOf, readOne, sendOne } from "./ask.ts";
import { heldAssignmentsRead, type ManagedIdentity, readingTakes } from "./managed-identity.ts";

const Assignment = z.object({
  id: z.string().min(1),
  appRoleId: Guid,
  principalId: Guid,
  resourceId: Guid,
  createdDateTime: z.string().nullish(),
});
export type Assignment = z.infer<typeof Assignment>;
const Assignments = z.object({ value: z.array(Assignment) });

const GraphPrincipal = z.object({
  id: Guid,
  appRoles: z.array(
    z.object({
      id: Guid,
      value: z.string().nullish(),
      isEnabled: z.boolean(),
      allowedMemberTypes: z.array(z.string()),
    }),
  ),
});

/** Microsoft Graph as this tenant knows it. */
export interface OfferedByGraph {
  /** object id of its service principal */
  readonly id: string;
  /** permission → app role id; those that can be given to applications */
  readonly appRoles: ReadonlyMap<string, string>;
}

export async function readHeld(tenant: Tenant, identity: ManagedIdentity): Promise<readonly Assignment[]> {
  const answer = await readOne(tenant, heldAssignmentsRead(identity));
  const { value } = Assignments.parse(bodyOf(answer, "reading what the identity holds", readingTakes));
  const another = value.find(({ principalId }) => principalId !== identity.id);
  if (another === undefined) return value;
  throw new TerminalError(
    `assignment ${another.id} is ${another.principalId}'s, not ${identity.id}'s: nothing is done on such a list`,
    {
      code: "another-principal",
    },
  );
}

export async function readOffered(tenant: Tenant): Promise<OfferedByGraph> {
  const path = `${servicePrincipalPath({ ...nobodyIn(""), appId: graphAppId })}?$select=id,appRoles`;
  const answer = await readOne(tenant, { method: "GET", version: "v1.0", path, lane: "directory" });
  const { id, appRoles } = GraphPrincipal.parse(bodyOf(answer, "reading what Microsoft Graph offers", readingTakes));
  const toApplications = appRoles.filter(
    ({ isEnabled, allowedMemberTypes }) => isEnabled && allowedMemberTypes.includes("Application"),
  );
  return {
    id,
    appRoles: new Map(toApplications.flatMap((role) => (role.value ? [[role.value, role.id] as const] : []))),
  };
}

/** By whom such a thing may be done ("Grant admin consent", prerequisites: for Graph's app roles, no other role will do). */
export const consentTakes =
  "a Global Administrator or a Privileged Role Administrator; an Application Administrator may give permissions of any API but Microsoft Graph";

export function give(
  tenant: Tenant,
  identity: ManagedIdentity,
  to: Pick<Assignment, "appRoleId" | "resourceId">,
): Promise<ApiAnswer> {
  const body = { principalId: identity.id, resourceId: to.resourceId, appRoleId: to.appRoleId };
  return sendOne(tenant, change("POST", apiPath`/servicePrincipals/${identity.id}/appRoleAssignments`, body));
}

/** Somebody gave it meanwhile, or a lost answer did. */
export function isThereAlready(answer: ApiAnswer): boolean {
  return !answer.ok && answer.status === 400 && /already exists/i.test(answer.message);
}

export function take(tenant: Tenant, identity: ManagedIdentity, { id }: Assignment): Promise<ApiAnswer> {
  return sendOne(tenant, change("DELETE", apiPath`/servicePrincipals/${identity.id}/appRoleAssignments/${id}`));
}

function change(method: "POST" | "DELETE", path: string, body?: ApiRequest["body"]): ApiRequest {
  return { method, version: "v1.0", path, lane: "directory-write", ...(body === undefined ? {} : { body }) };
}
