/** The audit records of a credential change: the telling one, and the empty companions that real tenants write beside it. */
import {
  type AuditTarget,
  certificatesAndSecrets,
  emitAudit,
  included,
  type ModifiedProperty,
  modified,
  namesOf,
} from "./audit-records.ts";
import type { Call } from "./call.ts";
import type { CredentialHolder, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

type Origin = Pick<Call, "actor" | "ip" | "userAgent" | "correlationId">;

/** `[KeyIdentifier=…,KeyType=Password|AsymmetricX509Cert,KeyUsage=…,DisplayName=…]`, keys before passwords. */
function describe(holder: CredentialHolder): string[] {
  const line = (keyId: string, type: string, usage: string, name: string | null): string =>
    `[KeyIdentifier=${keyId},KeyType=${type},KeyUsage=${usage},DisplayName=${name ?? ""}]`;
  return [
    ...holder.keyCredentials.map((key) => line(key.keyId, key.type, key.usage, key.displayName)),
    ...holder.passwordCredentials.map((password) => line(password.keyId, "Password", "Verify", password.displayName)),
  ];
}

function targetOf(
  holder: CredentialHolder,
  type: AuditTarget["type"],
  properties: readonly ModifiedProperty[],
): AuditTarget {
  return { id: holder.id, displayName: holder.displayName, type, modifiedProperties: properties };
}

function servicePrincipalOf(world: World, appId: string): ServicePrincipal | undefined {
  return world.directory.servicePrincipals.latest(world.directory.servicePrincipalByAppId.get(appId) ?? "");
}

function onApplication(world: World, origin: Origin, after: CredentialHolder, change: ModifiedProperty): void {
  const { appId } = after;
  const target = targetOf(after, "Application", [change, included("KeyDescription")]);
  emitAudit(world, origin, { activity: certificatesAndSecrets, operationType: "Update", targets: [target], appId });
  const empty = [targetOf(after, "Application", [])];
  emitAudit(world, origin, { activity: "Update application", operationType: "Update", targets: empty, appId });
  const own = servicePrincipalOf(world, appId);
  if (!own) return;
  const names: ModifiedProperty = { displayName: "Included Updated Properties", oldValue: null, newValue: null };
  const companion = [targetOf(own, "ServicePrincipal", [names, namesOf(own)])];
  emitAudit(world, origin, {
    activity: "Update service principal",
    operationType: "Update",
    targets: companion,
    appId,
  });
}

function onServicePrincipal(
  world: World,
  origin: Origin,
  after: CredentialHolder,
  change: ModifiedProperty,
  added: boolean,
): void {
  const own = servicePrincipalOf(world, after.appId);
  const names = own ? [namesOf(own)] : [];
  const { appId } = after;
  const target = targetOf(after, "ServicePrincipal", [change, included("KeyDescription"), ...names]);
  const activity = `${added ? "Add" : "Remove"} service principal credentials`;
  emitAudit(world, origin, { activity, operationType: "Update", targets: [target], appId });
  const companion = [targetOf(after, "ServicePrincipal", [...names, included("KeyDescription")])];
  emitAudit(world, origin, {
    activity: "Update service principal",
    operationType: "Update",
    targets: companion,
    appId,
  });
}

/** Writes the records of a change from `before` to `after`; nothing when the set of credentials is the same. */
export function emitCredentialChange(
  world: World,
  origin: Origin,
  kind: "application" | "servicePrincipal",
  before: CredentialHolder,
  after: CredentialHolder,
): void {
  const [old, now] = [describe(before), describe(after)];
  if (old.join() === now.join()) return;
  const change = modified("KeyDescription", old, now);
  const added = now.some((entry) => !old.includes(entry));
  if (kind === "application") onApplication(world, origin, after, change);
  else onServicePrincipal(world, origin, after, change, added);
}
