// Builds a story's tenant in the twin, and reads how its identities are.
import type { Twin } from "../tenant/twin.ts";
import type { Actor } from "../tenant/types.ts";
import type { Cast, IdentityState, Member, Moment } from "./evidence.ts";
import type { Story, StoryIdentity } from "./story.ts";

/** @returns the identities by name, in the story's order */
export function castTenant(twin: Twin, story: Story): Cast {
  const cast = new Map<string, Member>();
  for (const identity of story.tenant) cast.set(identity.name, build(twin, identity, cast));
  return cast;
}

function build(twin: Twin, identity: StoryIdentity, cast: Cast): Member {
  const { name, secrets } = identity;
  const passwords = secrets.map((secret) => ({ ...secret, displayName: secret.label }));
  const common = {
    displayName: name,
    graphAppRoleIds: identity.graphAppRoleIds,
    users: identity.users,
    clients: identity.clients.flatMap((client) => cast.get(client)?.id ?? []),
    ...(identity.delegatedScope === undefined ? {} : { delegatedScope: identity.delegatedScope }),
    ...(identity.singleSignOn === undefined ? {} : { singleSignOn: identity.singleSignOn }),
    ...(identity.lastUsedDaysAgo === undefined ? {} : { lastUsedDaysAgo: identity.lastUsedDaysAgo }),
  };
  const { multiTenant, createdDaysAgo, appProxy } = identity;
  const built =
    identity.kind === "foreign"
      ? { ...twin.addForeign({ ...common, servicePrincipalPasswords: passwords }), applicationId: null }
      : twin.addApplication({ ...common, passwords, multiTenant, createdDaysAgo, appProxy });
  const labels = secrets.map(({ label }, i) => [label, built.secrets[i]] as const);
  const known = labels.flatMap(([label, secret]) => (secret === undefined ? [] : [[label, secret] as const]));
  return { name, id: built.id, appId: built.appId, applicationId: built.applicationId, secrets: new Map(known) };
}

/** @param by the name of an identity, or a person's user principal name */
export function actorOf(cast: Cast, by: string): Actor {
  const member = cast.get(by);
  return member === undefined
    ? { kind: "user", id: "5d0f2c4e-6f3b-4a57-9a39-0c7a3c1b8e11", userPrincipalName: by, ipAddress: "203.0.113.66" }
    : { kind: "app", servicePrincipalId: member.id, appId: member.appId, displayName: member.name };
}

export function stateOf(twin: Twin, member: Member): IdentityState {
  const own = twin.state.servicePrincipal(member.id);
  const application = member.applicationId === null ? undefined : twin.state.application(member.applicationId);
  const secrets = [...(application?.passwordCredentials ?? []), ...(own?.passwordCredentials ?? [])];
  return { enabled: own?.accountEnabled ?? null, secretKeyIds: secrets.map(({ keyId }) => keyId) };
}

export function momentNow(twin: Twin, cast: Cast): Moment {
  const states = [...cast.values()].map((member) => [member.name, stateOf(twin, member)] as const);
  return { at: Date.now(), states: new Map(states) };
}
