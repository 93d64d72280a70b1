/** What Entra's audit log says of one write of ours: its activity, and the objects it names. */
import type { ChangedObject } from "../../shared/domain/changed-object.ts";
import { foldOperation } from "../../shared/records/operation.ts";
import type { Write } from "./fake-tenant.ts";

interface Ids {
  readonly servicePrincipalId: string;
  readonly applicationId: string;
}

const secrets = "Update application – Certificates and secrets management ";
const principal = ({ servicePrincipalId }: Ids) => servicePrincipalId;
const application = ({ applicationId }: Ids) => applicationId;
type Reading = readonly [RegExp, string, (ids: Ids) => string];

/** By method and path: the activity, and whom of the victim's two objects it names beside others. */
const readings: readonly Reading[] = [
  [/^PATCH \/servicePrincipals\/\S+ \{"keyC/, "Remove service principal credentials", principal],
  [/^PATCH \/servicePrincipals/, "Update service principal", principal],
  [/^PATCH \/applications\/\S+ \{"keyC/, secrets, application],
  [/^PATCH \/applications/, "Update application", application],
  [/^POST \/servicePrincipals\/\S+\/remove/, "Remove service principal credentials", principal],
  [/^POST \/applications\/\S+\/remove/, secrets, application],
  [/ \/applications\/\S+\/federatedIdentityCredentials/, "Update application", application],
  [/^DELETE .*\/appRoleAssignedTo/, "Remove app role assignment from service principal", principal],
  [/^POST .*\/appRoleAssignedTo/, "Add app role assignment to service principal", principal],
  [/^(DELETE|PATCH) \/oauth2PermissionGrants/, "Remove delegated permission grant", principal],
  [/^POST \/oauth2PermissionGrants/, "Add delegated permission grant", principal],
  [/"adminRemove"/, "Remove eligible member from role", principal],
  [/"adminAssign"/, "Add eligible member to role", principal],
  [/^DELETE .*\/roleAssignments/, "Remove member from role", principal],
  [/^POST .*\/roleAssignments/, "Add member to role", principal],
  [/^DELETE .*\/owners\/9089a539/, "Remove owner from application", principal],
  [/^DELETE .*\/owners/, "Remove owner from application", application],
  [/^POST .*\/owners/, "Add owner to application", principal],
  [/^DELETE .*\/members/, "Remove member from group", principal],
  [/^POST .*\/members/, "Add member to group", principal],
  [/^DELETE \/applications\/[^/\s]+ /, "Delete application", application],
  [/^DELETE \/servicePrincipals\/[^/\s]+ /, "Remove service principal", principal],
  [/confirmCompromised/, "confirmServicePrincipalCompromised", principal],
  [/\/dismiss /, "DismissServicePrincipal", principal],
];

/** Throws for a write that it cannot read: every one of ours leaves something. */
export function echoOf({ line, at }: Write, ids: Ids): readonly ChangedObject[] {
  const reading = readings.find(([pattern]) => pattern.test(line));
  if (reading === undefined) throw new Error(`nobody knows what the audit log says of ${line}`);
  const [, activity, whom] = reading;
  const others = /"@odata.id"|\/(owners|members)\//.test(line) ? ["0f0f0f0f-0000-4000-8000-00000000000f"] : [];
  return [...others, whom(ids)].map((id) => ({ id, type: null, activity: foldOperation(activity), at: at + 1_500 }));
}
