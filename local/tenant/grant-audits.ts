/** Audit records of delegated permissions: grants, and the consent that a person gives. */
import { type AuditTarget, emitAudit, modified, namesOf } from "./audit-records.ts";
import type { Call } from "./call.ts";
import type { PermissionGrant } from "./types.ts";
import type { World } from "./world.ts";

type Origin = Pick<Call, "actor" | "ip" | "userAgent" | "correlationId">;

function target(world: World, id: string, modifiedProperties: AuditTarget["modifiedProperties"]): AuditTarget {
  const displayName = world.directory.servicePrincipals.latest(id)?.displayName ?? null;
  return { id, displayName, type: "ServicePrincipal", modifiedProperties };
}

/**
 * targetResources[0] is the API, the grantee comes second and in `ServicePrincipal.ObjectID`. A changed scope is told as a
 * grant added with both values, or as one removed when nothing new came (inferred: no sample of a narrowed grant is known).
 */
export function emitGrant(
  world: World,
  origin: Origin,
  before: PermissionGrant | null,
  after: PermissionGrant | null,
): void {
  const one = after ?? before;
  if (!one) return;
  const old = before?.scope.split(" ") ?? [];
  const added = (after?.scope.split(" ") ?? []).some((scope) => !old.includes(scope));
  const client = world.directory.servicePrincipals.latest(one.clientId);
  const api = world.directory.servicePrincipals.latest(one.resourceId);
  const name = (key: string, value: string): ReturnType<typeof modified> =>
    added ? modified(key, undefined, value) : modified(key, value, undefined);
  const properties = [
    modified("DelegatedPermissionGrant.Scope", before?.scope, after?.scope),
    name("DelegatedPermissionGrant.ConsentType", one.consentType),
    name("ServicePrincipal.ObjectID", one.clientId),
    name("ServicePrincipal.DisplayName", client?.displayName ?? ""),
    name("ServicePrincipal.AppId", client?.appId ?? ""),
    name("ServicePrincipal.Name", client?.appId ?? ""),
    ...(api ? [namesOf(api)] : []),
  ];
  emitAudit(world, origin, {
    activity: `${added ? "Add" : "Remove"} delegated permission grant`,
    operationType: added ? "Assign" : "Unassign",
    targets: [target(world, one.resourceId, properties), target(world, one.clientId, [])],
  });
}

function line(one: PermissionGrant): string {
  const { id, clientId, principalId, resourceId, consentType, scope } = one;
  const ids = `Id: ${id}, ClientId: ${clientId}, PrincipalId: ${principalId ?? ""}, ResourceId: ${resourceId}`;
  return `[${ids}, ConsentType: ${consentType}, Scope: ${scope}]`;
}

/** A person agreed to what an application asks for: targetResources[0] is the client. */
export function emitConsent(
  world: World,
  origin: Origin,
  clientId: string,
  grants: readonly PermissionGrant[],
  admin: boolean,
): void {
  const client = world.directory.servicePrincipals.latest(clientId);
  const properties = [
    modified("ConsentContext.IsAdminConsent", undefined, admin ? "True" : "False"),
    modified("ConsentContext.IsAppOnly", undefined, "False"),
    modified("ConsentContext.OnBehalfOfAll", undefined, admin ? "True" : "False"),
    modified("ConsentContext.Tags", undefined, "WindowsAzureActiveDirectoryIntegratedApp"),
    modified("ConsentAction.Permissions", undefined, `[] => [${grants.map(line).join(", ")}]; `),
    ...(client ? [namesOf(client)] : []),
  ];
  const targets = [target(world, clientId, properties)];
  const appId = client === undefined ? {} : { appId: client.appId };
  emitAudit(world, origin, { activity: "Consent to application", operationType: "Assign", targets, ...appId });
}
