/** Which activities of the audit log are read, and by whom. Names are folded (entra-docs, reference-audit-activities). */
import type { AuditRecord, ReadActivity } from "./audit-record.ts";
import { readConsent } from "./consent.ts";
import { readCredentialChange } from "./credential-change.ts";
import { readAccountSwitch, readExistence } from "./existence.ts";
import { readFederatedChange } from "./federated-change.ts";
import { field } from "./fields.ts";
import { readAppRoleGrant, readDelegatedGrant } from "./grants.ts";
import { readGroupMember, readOwner, readRoleAssignment } from "./privilege.ts";

const certificatesAndSecrets = "certificates and secrets management";

const activities: ReadonlyMap<string, ReadActivity> = new Map<string, ReadActivity>([
  ["add service principal credentials", readCredentialChange],
  ["remove service principal credentials", readCredentialChange],
  ["add app role assignment to service principal", readAppRoleGrant],
  ["add delegated permission grant", readDelegatedGrant],
  ["add oauth2permissiongrant", readDelegatedGrant],
  ["consent to application", readConsent],
  ["add member to role", readRoleAssignment],
  ["add eligible member to role", readRoleAssignment],
  ["add scoped member to role", readRoleAssignment],
  ["add eligible scoped member to role", readRoleAssignment],
  ["add role assignment to role definition", readRoleAssignment],
  ["add member to role in pim completed (permanent)", readRoleAssignment],
  ["add member to role in pim completed (timebound)", readRoleAssignment],
  ["add eligible member to role in pim completed (permanent)", readRoleAssignment],
  ["add eligible member to role in pim completed (timebound)", readRoleAssignment],
  ["add owner to application", readOwner],
  ["add owner to service principal", readOwner],
  ["add member to group", readGroupMember],
  ...["add", "restore"].flatMap((verb) => [
    [`${verb} application`, readExistence] as const,
    [`${verb} service principal`, readExistence] as const,
  ]),
  ["delete application", readExistence],
  ["hard delete application", readExistence],
  ["remove service principal", readExistence],
  ["hard delete service principal", readExistence],
]);

/** Of the plain updates, which nearly always change something else: the property, as written, and who reads it. */
const updates: ReadonlyMap<string, ReadonlyMap<string, ReadActivity>> = new Map([
  [
    "update application",
    new Map([
      ["KeyDescription", readCredentialChange],
      ["FederatedIdentityCredentials", readFederatedChange],
    ]),
  ],
  [
    "update service principal",
    new Map([
      ["KeyDescription", readCredentialChange],
      ["FederatedIdentityCredentials", readFederatedChange],
      ["AccountEnabled", readAccountSwitch],
    ]),
  ],
]);

/** Is the activity read whatever it changed, only where it changed something we read, or never? */
export function activityKind(operation: string): "read" | "update" | "other" {
  if (activities.has(operation) || operation.endsWith(certificatesAndSecrets)) return "read";
  return updates.has(operation) ? "update" : "other";
}

/** Does this update read the property of that name? */
export function isReadProperty(operation: string, name: unknown): boolean {
  return typeof name === "string" && updates.get(operation)?.has(name) === true;
}

/** Everything that reads this record; one update may say several things. */
export function readersOf({ operation, targets }: AuditRecord): readonly ReadActivity[] {
  const reader = activities.get(operation);
  if (reader !== undefined) return [reader];
  if (operation.endsWith(certificatesAndSecrets)) return [readCredentialChange];
  const named = new Set(targets.flatMap(({ changed }) => changed.map((one) => field(one, "displayName"))));
  return [...(updates.get(operation) ?? [])].filter(([property]) => named.has(property)).map(([, read]) => read);
}
