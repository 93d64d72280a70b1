/** Everything of an identity that a restore has to bring back, as the tenant holds it: what it is, not under which ids its relations lie. */
import type { Twin } from "../../../local/tenant/twin.ts";
import type { Ids } from "./life-class.ts";

export function wholeOf(twin: Twin, { servicePrincipalId, applicationId }: Ids): Readonly<Record<string, unknown>> {
  const { state } = twin;
  const of = <T>(all: readonly T[], text: (one: T) => string) => all.map(text).sort();
  const owners = (id: string | null) => (id === null ? [] : of(state.ownersOf(id), ({ object }) => object.id));
  const federated = applicationId === null ? [] : state.federatedCredentialsOf(applicationId);
  return {
    principal: state.servicePrincipal(servicePrincipalId),
    application: applicationId === null ? null : state.application(applicationId),
    holds: of(state.assignmentsOf(servicePrincipalId), (one) => `${one.resourceId} ${one.appRoleId}`),
    assigned: of(
      state.assignedTo(servicePrincipalId),
      (one) => `${one.principalType} ${one.principalId} ${one.appRoleId}`,
    ),
    grants: of(
      state.grantsOf(servicePrincipalId),
      (one) => `${one.resourceId} ${one.consentType} ${one.principalId} ${one.scope}`,
    ),
    roles: of(
      state.rolesOf(servicePrincipalId),
      (one) => `${one.kind} ${one.roleDefinitionId} ${one.directoryScopeId}`,
    ),
    groups: [...state.groupsOf(servicePrincipalId)].sort(),
    federated: of(federated, (one) => `${one.name} ${one.issuer} ${one.subject} ${one.audiences.join()}`),
    owners: [owners(servicePrincipalId), owners(applicationId)],
  };
}
