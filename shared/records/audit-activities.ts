/** Which activities of the audit log are read, and by whom. Names are folded (entra-docs, reference-audit-activities). */
import type { AuditRecord, ReadActivity } from "./audit-record.ts";
import { readBlockedConsent, readConsent } from "./consent.ts";
import { readCredentialChange } from "./credential-change.ts";
import { readAccountSwitch, readExistence } from "./existence.ts";
import { exposureProperties, readExposure, readNewExposure } from "./exposure.ts";
import { readFederatedChange } from "./federated-change.ts";
import { field } from "./fields.ts";
import { readAppRoleGrant, readDelegatedGrant } from "./grants.ts";
import { readGroupMember } from "./member.ts";
import { readOwner, readOwnerRemoved } from "./owners.ts";
import { readRedirectUris } from "./redirect-uris.ts";
import { readRenaming } from "./renaming.ts";
import { readRequestedPermissions } from "./requested-permissions.ts";
import { readRiskJudgement } from "./risk-judgement.ts";
import { readRoleAssignment } from "./role-assignment.ts";

const certificatesAndSecrets = "certificates and secrets management";
const consent = "consent to application";

type Entry = readonly [activity: string, readers: readonly ReadActivity[]];
const each = (reader: ReadActivity, ...names: readonly string[]): Entry[] => names.map((name) => [name, [reader]]);

const activities: ReadonlyMap<string, readonly ReadActivity[]> = new Map<string, readonly ReadActivity[]>([
  ...each(readCredentialChange, "add service principal credentials", "remove service principal credentials"),
  ...each(readAppRoleGrant, "add app role assignment to service principal"),
  ...each(readDelegatedGrant, "add delegated permission grant", "add oauth2permissiongrant"),
  ...each(readConsent, consent),
  ...each(
    readRoleAssignment,
    "add member to role",
    "add eligible member to role",
    "add scoped member to role",
    "add eligible scoped member to role",
    "add member to role scoped over restricted management administrative unit",
    "add role assignment to role definition",
    "add member to role in pim completed (permanent)",
    "add member to role in pim completed (timebound)",
    "add eligible member to role in pim completed (permanent)",
    "add eligible member to role in pim completed (timebound)",
    "add member to role outside of pim (permanent)",
    "add member to role completed (pim activation)",
  ),
  ...each(readOwner, "add owner to application", "add owner to service principal"),
  ...each(readOwnerRemoved, "remove owner from application", "remove owner from service principal"),
  ...each(readGroupMember, "add member to group"),
  ["add application", [readExistence, readCredentialChange, readRequestedPermissions, readNewExposure]],
  ...each(readExistence, "add service principal", "restore application", "restore service principal"),
  ...each(readExistence, "delete application", "hard delete application"),
  ...each(readExistence, "remove service principal", "hard delete service principal"),
  ...each(readRiskJudgement, "confirmserviceprincipalcompromised", "dismissserviceprincipal"),
]);

const onBoth: readonly (readonly [property: string, reader: ReadActivity])[] = [
  ["KeyDescription", readCredentialChange],
  ["FederatedIdentityCredentials", readFederatedChange],
  ["AppAddress", readRedirectUris],
  ["DisplayName", readRenaming],
];

/** Of the plain updates, which nearly always change something else: the property, as written, and who reads it. */
const updates: ReadonlyMap<string, ReadonlyMap<string, ReadActivity>> = new Map([
  [
    "update application",
    new Map([
      ...onBoth,
      ["RequiredResourceAccess", readRequestedPermissions],
      ...exposureProperties.map((name) => [name, readExposure] as const),
    ]),
  ],
  ["update service principal", new Map([...onBoth, ["AccountEnabled", readAccountSwitch]])],
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
  const readers = activities.get(operation);
  if (readers !== undefined) return readers;
  if (operation.endsWith(certificatesAndSecrets)) return [readCredentialChange, readFederatedChange];
  const named = new Set(targets.flatMap(({ changed }) => changed.map((one) => field(one, "displayName"))));
  const reading = [...(updates.get(operation) ?? [])].filter(([property]) => named.has(property));
  return [...new Set(reading.map(([, read]) => read))];
}

/** What is read of an activity that failed: of nearly all nothing, since nothing was done. */
export function readersOfFailure({ operation }: AuditRecord): readonly ReadActivity[] {
  return operation === consent ? [readBlockedConsent] : [];
}
