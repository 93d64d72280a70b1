// Takes away what a label stands for: found in the twin as it is now, whatever id it has by now.
import type { Hands } from "../tenant/hands.ts";
import type { Tenant } from "./cast.ts";
import type { Foothold, Member } from "./evidence.ts";
import { foothold, scopesOf } from "./footholds.ts";

/** @throws Error when nothing of it is there */
export function takeAway({ twin }: Tenant, hands: Hands, member: Member, label: string, what: Foothold): void {
  const keys = new Set(what.keys);
  const done = [
    takeCredential(twin.state, hands, member, keys),
    takeTrust(twin.state, hands, member, keys),
    takePermission(twin.state, hands, member, keys),
    takePlace(twin.state, hands, member, keys),
  ];
  if (!done.includes(true)) throw new Error(`${member.name} does not have "${label}" any more: nothing to take away.`);
}

type State = Tenant["twin"]["state"];
type Keys = ReadonlySet<string>;

/** Runs on all that fit. @returns whether any did */
function each<T>(all: readonly T[], fits: (one: T) => boolean, act: (one: T) => void): boolean {
  const found = all.filter(fits);
  for (const one of found) act(one);
  return found.length > 0;
}

function takeCredential(state: State, hands: Hands, { id, applicationId }: Member, keys: Keys): boolean {
  const objects = [
    { on: { object: "servicePrincipal", id } as const, holder: state.servicePrincipal(id) },
    ...(applicationId === null
      ? []
      : [{ on: { object: "application", id: applicationId } as const, holder: state.application(applicationId) }]),
  ];
  const taken = objects.map(({ on, holder }) => {
    const secrets = each(
      holder?.passwordCredentials ?? [],
      ({ keyId }) => keys.has(foothold.secret(keyId)),
      ({ keyId }) => hands.removePassword(on, keyId),
    );
    const all = holder?.keyCredentials ?? [];
    const kept = all.filter(({ keyId }) => !keys.has(foothold.certificate(keyId)));
    if (kept.length === all.length) return secrets;
    hands.request({ method: "PATCH", path: `/${on.object}s/${on.id}`, body: { keyCredentials: kept } });
    return true;
  });
  return taken.includes(true);
}

function takeTrust(state: State, hands: Hands, { applicationId, resourceId }: Member, keys: Keys): boolean {
  const fits = ({ issuer, subject }: { issuer: string; subject: string | null }): boolean =>
    keys.has(foothold.federated(issuer, subject ?? ""));
  const onApplication = applicationId === null ? [] : state.federatedCredentialsOf(applicationId);
  const onIdentity = resourceId === null ? [] : state.identityFederatedCredentials(resourceId);
  const first = each(onApplication, fits, (one) => hands.removeFederatedCredential(applicationId ?? "", one.id));
  const second = each(onIdentity, fits, (one) => hands.removeIdentityFederatedCredential(one.id));
  return first || second;
}

/** Of a grant only the scopes of the label go. */
function takePermission(state: State, hands: Hands, { id }: Member, keys: Keys): boolean {
  const roles = each(
    state.assignmentsOf(id),
    (one) => keys.has(foothold.appRole(one.resourceId, one.appRoleId)),
    (one) => hands.takeAppRole(one.id),
  );
  const isTaken = (one: { resourceId: string; principalId: string | null }) => (scope: string) =>
    keys.has(foothold.grant(one.resourceId, one.principalId, scope));
  const grants = each(
    state.grantsOf(id),
    (one) => scopesOf(one.scope).some(isTaken(one)),
    (one) => {
      const rest = scopesOf(one.scope).filter((scope) => !isTaken(one)(scope));
      if (rest.length === 0) return hands.removeGrant(one.id);
      const path = `/oauth2PermissionGrants/${one.id}`;
      return void hands.request({ method: "PATCH", path, body: { scope: rest.join(" ") } });
    },
  );
  return roles || grants;
}

function takePlace(state: State, hands: Hands, { id, applicationId }: Member, keys: Keys): boolean {
  const owned = [
    { object: "servicePrincipal", id } as const,
    ...(applicationId === null ? [] : [{ object: "application", id: applicationId } as const]),
  ];
  const owners = owned.map((on) =>
    each(
      state.ownersOf(on.id),
      ({ object }) => keys.has(foothold.owner(on.id, object.id)),
      ({ object }) => hands.removeOwner(on, object.id),
    ),
  );
  const groups = each(
    state.groupsOf(id),
    (groupId) => keys.has(foothold.group(groupId)),
    (groupId) => hands.removeFromGroup(groupId, id),
  );
  const roles = each(
    state.rolesOf(id),
    (one) => keys.has(foothold.role(one.kind, one.roleDefinitionId, one.directoryScopeId)),
    (one) => hands.endRole(one),
  );
  const azure = each(
    state.azureRolesOf(id),
    (one) => keys.has(foothold.azureRole(one.roleDefinitionId.slice(-36), one.scope)),
    (one) => hands.removeAzureRole(one.id),
  );
  return [...owners, groups, roles, azure].includes(true);
}
