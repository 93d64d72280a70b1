/** Laws of every action on every kind of identity, on a directory that is no twin of ours: requests bring the state about. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action, Snapshot } from "../../shared/actions/action.ts";
import * as exported from "../../shared/actions/index.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { type Directory, directory, ids, sent, snapshotOf } from "./directory.ts";
import { type Situation, situationsOf } from "./situations.ts";

const actions: readonly Action[] = Object.values({ ...exported });

describe.each(actions.map((action) => [action.id, action] as const))("%s", (_id, action) => {
  const kinds = fc.constantFrom(...IdentityKind.options.filter((kind) => action.appliesTo(kind)));

  const holds = (law: (situation: Situation & { readonly kind: IdentityKind }) => void) => {
    const situations = fc.tuple(situationsOf(action), kinds).map(([situation, kind]) => ({ ...situation, kind }));
    fc.assert(
      fc.property(situations, (situation) => void law(situation)),
      { numRuns: 60 },
    );
  };

  /** The directory after the action; and whether there was anything to do. */
  const applied = ({ held, parameters, kind }: Situation & { readonly kind: IdentityKind }): Directory => {
    const snapshot = snapshotOf(held, kind);
    if (action.isInPlace(parameters, snapshot)) return held;
    const requests = action.requests(parameters, snapshot);
    expect(requests).not.toEqual([]);
    return sent(held, requests);
  };

  test("brings about what it then sees in place, so that twice is as once", () => {
    holds(({ held, parameters, kind }) => {
      const once = applied({ held, parameters, kind });
      expect(action.isInPlace(parameters, snapshotOf(once, kind))).toBe(true);
      expect(applied({ held: once, parameters, kind })).toEqual(once);
    });
  });

  test("stays possible when a crash let only the first of its requests through", () => {
    holds(({ held, parameters, kind }) => {
      const snapshot = snapshotOf(held, kind);
      if (action.isInPlace(parameters, snapshot)) return;
      const half = sent(held, action.requests(parameters, snapshot).slice(0, 1));
      expect(applied({ held: half, parameters, kind })).toEqual(applied({ held, parameters, kind }));
    });
  });

  test("changes nothing that is another's", () => {
    holds((situation) => {
      const [after, before] = [applied(situation), situation.held];
      // what others have on it goes with the object itself, and never without it
      const isThere = (held: Directory) => held.servicePrincipals.some(({ id }) => own.includes(id));
      const isGone = isThere(before) && !isThere(after);
      expect(ofOthers(after)).toEqual(ofOthers(isGone ? withoutAccessToIt(before) : before));
    });
  });

  test("touches something whenever it does something, if it says what it touches", () => {
    holds(({ held, parameters, kind }) => {
      const snapshot = snapshotOf(held, kind);
      const touched = action.touches?.(parameters, snapshot);
      if (touched !== undefined) expect(touched.length === 0).toBe(action.isInPlace(parameters, snapshot));
    });
  });

  test("keeps a receipt that is stored as it is and holds no secret and no key", () => {
    holds(({ held, parameters, kind }) => {
      const receipt = action.keep(parameters, snapshotOf(withSecrets(held), kind));
      expect(action.receipt.parse(JSON.parse(JSON.stringify(receipt)))).toEqual(receipt);
      expect(JSON.stringify(receipt)).not.toContain(secret);
    });
  });

  const allowed = ["v1.0", "arm", ...(betaOnly.has(action.id) ? ["beta"] : [])];

  test("asks only v1.0 and Azure to change, and decides on nothing but what it asked to read", () => {
    holds(({ held, parameters, kind }) => {
      const all = snapshotOf(held, kind);
      const known = new Set(action.reads(parameters, all).map(({ path }) => path));
      const asked: Snapshot = { ...all, body: (read) => (known.has(read.path) ? all.body(read) : unasked(read.path)) };
      for (const { path } of action.readsNext?.(parameters, asked) ?? []) known.add(path);
      if (!action.isInPlace(parameters, asked)) action.keep(parameters, asked);
      for (const { version } of action.requests(parameters, asked)) expect(allowed).toContain(version);
    });
  });

  test("reads with the id it was given", () => {
    const own = [ids.servicePrincipalId, ids.appId, ids.applicationObjectId];
    holds(({ parameters, kind }) => {
      for (const { method, path, version } of action.reads(parameters, snapshotOf(directory(), kind))) {
        expect(method).toBe("GET");
        const isAzure = version === "arm";
        expect(isAzure || own.some((id) => path.includes(id))).toBe(true);
      }
    });
  });
});

/** There is no other way to say it. */
const betaOnly: ReadonlySet<string> = new Set(["confirm-agent-compromised"]);

function unasked(path: string): never {
  throw new Error(`not asked for: ${path}`);
}

/** What belongs to the identity: its objects, what it holds, who owns it and what it owns, its memberships, its risk. */
const own: readonly string[] = [ids.servicePrincipalId, ids.applicationObjectId];

function withoutAccessToIt(held: Directory): Directory {
  const isOnAnother = ({ resourceId }: { readonly resourceId: string }) => !own.includes(resourceId);
  return {
    ...held,
    appRoleAssignments: held.appRoleAssignments.filter(isOnAnother),
    grants: held.grants.filter(isOnAnother),
  };
}

function ofOthers(held: Directory): unknown {
  const isOthers = ({ id }: { readonly id: string }) => !own.includes(id);
  const isOthersToo = ({ appId }: { readonly appId: string }) => appId !== ids.appId;
  return {
    objects: [...held.servicePrincipals, ...held.applications].filter(isOthersToo),
    appRoleAssignments: held.appRoleAssignments.filter(({ principalId }) => !own.includes(principalId)),
    grants: held.grants.filter(({ clientId }) => !own.includes(clientId)),
    federatedCredentials: held.federatedCredentials.filter(({ applicationId }) => !own.includes(applicationId)),
    ownerships: held.ownerships.filter(({ objectId, ownerId }) => !own.includes(objectId) && !own.includes(ownerId)),
    groups: held.groups.map((group) => ({ ...group, members: group.members.filter((id) => !own.includes(id)) })),
    directoryRoles: held.directoryRoles.filter(({ principalId }) => !own.includes(principalId)),
    azureRoles: held.azureRoleAssignments.filter(({ properties }) => !own.includes(properties.principalId)),
    risky: held.risky.filter(isOthers),
  };
}

const secret = "Kh~8Q-secret";

function withSecrets(held: Directory): Directory {
  const open = (object: Directory["applications"][number]) => ({
    ...object,
    passwordCredentials: object.passwordCredentials.map((one) => ({ ...one, secretText: secret, hint: secret })),
    keyCredentials: object.keyCredentials.map((one) => ({ ...one, key: secret })),
  });
  return {
    ...held,
    servicePrincipals: held.servicePrincipals.map(open),
    applications: held.applications.map(open),
  };
}
