/** Random situations for the laws of every action: what the directory holds, and parameters that the action can have there. */
import fc from "fast-check";
import type { Action } from "../../shared/actions/action.ts";
import { type Credentials, carrying, credentials } from "./arbitraries.ts";
import { footholds, others, scopes, values, withOthers, withoutApplication } from "./arbitrary-footholds.ts";
import { roles, wantedRole as wantedDirectoryRole } from "./arbitrary-roles.ts";
import { carrierOf, type Directory, directory, ids, withObject } from "./directory.ts";

export interface Situation {
  readonly held: Directory;
  readonly parameters: unknown;
}

/** Whatever the directory holds: objects there or not, enabled or not, at risk or not, footholds of any sort. */
const directories: fc.Arbitrary<Directory> = fc
  .record({
    onPrincipal: credentials,
    onApplication: credentials,
    footholds,
    roles,
    accountEnabled: fc.boolean(),
    isHome: fc.boolean(),
    riskState: fc.option(fc.constantFrom("atRisk", "dismissed", "confirmedCompromised")),
  })
  .map(({ onPrincipal, onApplication, accountEnabled, isHome, riskState, ...more }) => {
    const withSecrets = withCredentials(directory(), onPrincipal, onApplication, accountEnabled);
    const risky = riskState === null ? [] : [{ id: ids.servicePrincipalId, riskState, riskLevel: "high" }];
    const held = { ...withOthers(withSecrets), ...more.footholds, ...more.roles, risky };
    return isHome ? held : withoutApplication(held);
  });

function withCredentials(held: Directory, principal: Credentials, application: Credentials, accountEnabled: boolean) {
  const onPrincipal = { ...carrying(carrierOf(held, "servicePrincipal"), principal), accountEnabled };
  const both = withObject(held, "servicePrincipal", onPrincipal);
  return withObject(both, "application", carrying(carrierOf(held, "application"), application));
}

/** All of them, or some of them and one that is not there. */
function allOrSome<T>(there: readonly T[], notThere: T, all = "all"): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constant(all),
    fc.subarray([...there]).map((some) => [...some, notThere]),
  );
}

function onObject(more: (held: Directory) => Record<string, fc.Arbitrary<unknown>>) {
  return (held: Directory) =>
    fc.constantFrom("servicePrincipal", "application").chain((object) => {
      const objectId = object === "application" ? ids.applicationObjectId : ids.servicePrincipalId;
      const named = { object: fc.constant(object), objectId: fc.constantFrom(null, objectId, ids.stranger) };
      return fc.record({ ...named, ...more(held) });
    });
}

const keyIds = (held: Directory) => ({
  keyIds: allOrSome(
    [...held.servicePrincipals, ...held.applications]
      .flatMap((one) => [...one.passwordCredentials, ...one.keyCredentials])
      .map(({ keyId }) => keyId),
    ids.stranger,
  ),
});

const wantedRole = fc
  .record({
    resourceId: fc.constantFrom(...others.resources),
    index: fc.nat({ max: values.length - 1 }),
    byValue: fc.boolean(),
  })
  .map(({ resourceId, index, byValue }) => ({
    resourceId,
    appRoleId: byValue ? null : others.appRoles[index],
    value: values[index],
  }));

const wantedGrant = fc.record({
  resourceId: fc.constantFrom(...others.resources),
  scopes: fc.oneof(fc.constant("all"), fc.subarray(scopes, { minLength: 1 })),
  consentType: fc.constantFrom("AllPrincipals", "Principal", null),
  principalId: fc.constantFrom(null, ...others.users),
});

const directoryRoles = fc.oneof(fc.constant("all"), fc.array(wantedDirectoryRole, { minLength: 1, maxLength: 3 }));

/** By action; one that takes none needs no entry. */
const parametersOf: Readonly<Record<string, (held: Directory) => fc.Arbitrary<unknown>>> = {
  "remove-password-credentials": onObject(keyIds),
  "remove-key-credentials": onObject(keyIds),
  "remove-owners": onObject(() => ({ owners: allOrSome([...others.users, ids.servicePrincipalId], ids.stranger) })),
  "remove-app-role-assignments": () =>
    fc.record({ assignments: fc.oneof(fc.constant("all"), fc.array(wantedRole, { minLength: 1, maxLength: 3 })) }),
  "remove-delegated-grants": () =>
    fc.record({ grants: fc.oneof(fc.constant("all"), fc.array(wantedGrant, { minLength: 1, maxLength: 3 })) }),
  "remove-group-memberships": () =>
    fc.record({ groups: allOrSome<string>(others.groups, ids.stranger, "all-role-assignable") }),
  "remove-directory-roles": () => fc.record({ roles: directoryRoles }),
  "remove-scheduled-directory-roles": () => fc.record({ roles: directoryRoles }),
  "remove-azure-roles": (held) =>
    fc.record({
      assignments: allOrSome(
        held.azureRoleAssignments.map(({ id }) => id.toUpperCase()),
        "/nothing",
      ),
    }),
  "remove-managed-identity-federated-credentials": (held) =>
    fc.record({
      credentials: allOrSome(
        held.azureFederatedCredentials.map(({ properties }) => tupleOf(properties)),
        tupleOf(unknownCredential),
      ),
    }),
  "create-disabled-service-principal": () => fc.constant({ appId: ids.appId }),
  "remove-federated-credentials": (held) =>
    fc.record({ credentials: allOrSome(held.federatedCredentials.map(tupleOf), tupleOf(unknownCredential)) }),
};

const unknownCredential = { issuer: "https://nobody.example", subject: "nobody", audiences: [] };

function tupleOf(one: Partial<Directory["federatedCredentials"][number]>) {
  const { issuer, subject = null, audiences = [], claimsMatchingExpression } = one;
  return { issuer, subject, audiences, expression: claimsMatchingExpression?.value ?? null };
}

/** Nobody is to create one beside one that is enabled, or to disable that one by the way: refused in a test of its own. */
function withoutEnabled(held: Directory): Directory {
  const isEnabled = carrierOf(held, "servicePrincipal").accountEnabled === true;
  return isEnabled ? withObject(held, "servicePrincipal", null) : held;
}

export function situationsOf(action: Action): fc.Arbitrary<Situation> {
  const takesNone = action.parameters.safeParse({}).success;
  const parameters = takesNone ? () => fc.constant({}) : parametersOf[action.id];
  if (parameters === undefined) throw new Error(`say in situations.ts which parameters ${action.id} can have`);
  const whole = action.id === "create-disabled-service-principal" ? directories.map(withoutEnabled) : directories;
  return whole.chain((held) => parameters(held).map((some) => ({ held, parameters: action.parameters.parse(some) })));
}
