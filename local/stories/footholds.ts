// What an identity holds in the twin, each as a key that says what it is and not which id the tenant gave it.
import type { Twin } from "../tenant/twin.ts";
import type { IdentityState, Member } from "./evidence.ts";

export const foothold = {
  secret: (keyId: string) => `secret ${keyId}`,
  certificate: (keyId: string) => `certificate ${keyId}`,
  federated: (issuer: string, subject: string) => `federated ${issuer} ${subject}`,
  appRole: (resourceId: string, appRoleId: string) => `app-role ${resourceId} ${appRoleId}`,
  /** one a scope, as one scope may go and another stay */
  grant: (resourceId: string, principalId: string | null, scope: string) =>
    `grant ${resourceId} ${principalId ?? "everyone"} ${scope}`,
  owner: (objectId: string, ownerId: string) => `owner ${objectId} ${ownerId}`,
  group: (groupId: string) => `group ${groupId}`,
  role: (kind: string, roleId: string, scope: string) => `role ${kind} ${roleId} ${scope.toLowerCase()}`,
  azureRole: (roleId: string, scope: string) => `azure-role ${roleId.toLowerCase()} ${scope.toLowerCase()}`,
};

/** A grant's scope, split. */
export function scopesOf(scope: string): string[] {
  return scope.split(/\s+/).filter((one) => one !== "");
}

function credentialKeys(twin: Twin, { id, applicationId }: Member): string[] {
  const objects = [
    twin.state.servicePrincipal(id),
    applicationId === null ? undefined : twin.state.application(applicationId),
  ];
  return objects.flatMap((object) => [
    ...(object?.passwordCredentials ?? []).map(({ keyId }) => foothold.secret(keyId)),
    ...(object?.keyCredentials ?? []).map(({ keyId }) => foothold.certificate(keyId)),
  ]);
}

function federatedKeys({ state }: Twin, { applicationId, resourceId }: Member): string[] {
  const onApplication = applicationId === null ? [] : state.federatedCredentialsOf(applicationId);
  const onIdentity = resourceId === null ? [] : state.identityFederatedCredentials(resourceId);
  return [...onApplication, ...onIdentity].map(({ issuer, subject }) => foothold.federated(issuer, subject ?? ""));
}

function privilegeKeys({ state }: Twin, { id }: Member): string[] {
  return [
    ...state.assignmentsOf(id).map(({ resourceId, appRoleId }) => foothold.appRole(resourceId, appRoleId)),
    ...state
      .grantsOf(id)
      .flatMap(({ resourceId, principalId, scope }) =>
        scopesOf(scope).map((one) => foothold.grant(resourceId, principalId, one)),
      ),
    ...state.groupsOf(id).map(foothold.group),
    ...state.rolesOf(id).map((one) => foothold.role(one.kind, one.roleDefinitionId, one.directoryScopeId)),
    ...state
      .azureRolesOf(id)
      .map(({ roleDefinitionId, scope }) => foothold.azureRole(roleDefinitionId.slice(-36), scope)),
  ];
}

/** Remembers the ids by which a request may mean an identity without naming it. */
export function noteBelongings({ state }: Twin, { id, belongings }: Member): void {
  if (id === "") return;
  for (const one of [...state.assignmentsOf(id), ...state.grantsOf(id), ...state.azureRolesOf(id)])
    belongings.add(one.id);
  for (const { assignmentId } of state.rolesOf(id)) belongings.add(assignmentId);
}

/** How an identity is right now, whatever lag the app's reads have. */
export function stateOf(twin: Twin, member: Member): IdentityState {
  const own = twin.state.servicePrincipal(member.id);
  const application = member.applicationId === null ? undefined : twin.state.application(member.applicationId);
  const objects = [member.id, ...(member.applicationId === null ? [] : [member.applicationId])];
  const owners = objects.flatMap((id) => twin.state.ownersOf(id).map(({ object }) => foothold.owner(id, object.id)));
  return {
    enabled: own?.accountEnabled ?? null,
    deactivated: application?.isDisabled === true,
    riskState: (twin.state.riskyServicePrincipal(member.id) ?? twin.state.riskyAgent(member.id))?.riskState ?? null,
    footholds: new Set([
      ...credentialKeys(twin, member),
      ...federatedKeys(twin, member),
      ...privilegeKeys(twin, member),
      ...owners,
    ]),
  };
}
