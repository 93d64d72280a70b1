/** Laws of every action on every kind of identity, on a directory that is no twin of ours: requests bring the state about. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action, Snapshot } from "../../shared/actions/action.ts";
import * as exported from "../../shared/actions/index.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { type Directory, directory, ids, sent, snapshotOf } from "./directory.ts";
import { type Situation, situationsOf } from "./situations.ts";

const actions: readonly Action[] = Object.values({ ...exported });
const cases = actions.flatMap((action) =>
  IdentityKind.options.filter((kind) => action.appliesTo(kind)).map((kind) => [action.id, kind, action] as const),
);

describe.each(cases)("%s on %s", (_id, kind, action) => {
  const situations = situationsOf(action);

  /** Few runs each: there are many actions and kinds. */
  const holds = (law: (situation: Situation) => void) => fc.assert(fc.property(situations, law), { numRuns: 30 });

  /** The directory after the action; and whether there was anything to do. */
  const applied = ({ held, parameters }: Situation): Directory => {
    const snapshot = snapshotOf(held, kind);
    if (action.isInPlace(parameters, snapshot)) return held;
    const requests = action.requests(parameters, snapshot);
    expect(requests).not.toEqual([]);
    return sent(held, requests);
  };

  test("brings about what it then sees in place, so that twice is as once", () => {
    holds(({ held, parameters }) => {
      const once = applied({ held, parameters });
      expect(action.isInPlace(parameters, snapshotOf(once, kind))).toBe(true);
      expect(applied({ held: once, parameters })).toEqual(once);
    });
  });

  test("stays possible when a crash let only the first of its requests through", () => {
    holds(({ held, parameters }) => {
      const snapshot = snapshotOf(held, kind);
      if (action.isInPlace(parameters, snapshot)) return;
      const half = sent(held, action.requests(parameters, snapshot).slice(0, 1));
      expect(applied({ held: half, parameters })).toEqual(applied({ held, parameters }));
    });
  });

  test("changes nothing that is another's", () => {
    holds((situation) => expect(ofOthers(applied(situation))).toEqual(ofOthers(situation.held)));
  });

  test("touches something whenever it does something, if it says what it touches", () => {
    holds(({ held, parameters }) => {
      const snapshot = snapshotOf(held, kind);
      const touched = action.touches?.(parameters, snapshot);
      if (touched !== undefined) expect(touched.length === 0).toBe(action.isInPlace(parameters, snapshot));
    });
  });

  test("keeps a receipt that is stored as it is and holds no secret and no key", () => {
    holds(({ held, parameters }) => {
      const receipt = action.keep(parameters, snapshotOf(withSecrets(held), kind));
      expect(action.receipt.parse(JSON.parse(JSON.stringify(receipt)))).toEqual(receipt);
      expect(JSON.stringify(receipt)).not.toContain(secret);
    });
  });

  test("asks only v1.0 to change, and decides on nothing but what it asked to read", () => {
    holds(({ held, parameters }) => {
      const all = snapshotOf(held, kind);
      const known = new Set(action.reads(parameters, all).map(({ path }) => path));
      const asked: Snapshot = { ...all, body: (read) => (known.has(read.path) ? all.body(read) : unasked(read.path)) };
      for (const { path } of action.readsNext?.(parameters, asked) ?? []) known.add(path);
      if (!action.isInPlace(parameters, asked)) action.keep(parameters, asked);
      for (const request of action.requests(parameters, asked)) expect(request.version).toBe("v1.0");
    });
  });

  test("reads with the id it was given", () => {
    const subject = snapshotOf(directory(), kind);
    const own = [ids.servicePrincipalId, ids.appId, ids.applicationObjectId];
    holds(({ parameters }) => {
      for (const { method, path } of action.reads(parameters, subject)) {
        expect(method).toBe("GET");
        expect(own.some((id) => path.includes(id))).toBe(true);
      }
    });
  });
});

function unasked(path: string): never {
  throw new Error(`not asked for: ${path}`);
}

/** What belongs to the identity: its objects, what it holds, who owns it and what it owns, its memberships, its risk. */
const own: readonly string[] = [ids.servicePrincipalId, ids.applicationObjectId];

function ofOthers(held: Directory): unknown {
  const isOthers = ({ id }: { readonly id: string }) => !own.includes(id);
  return {
    objects: [...held.servicePrincipals, ...held.applications].filter(isOthers),
    appRoleAssignments: held.appRoleAssignments.filter(({ principalId }) => !own.includes(principalId)),
    grants: held.grants.filter(({ clientId }) => !own.includes(clientId)),
    federatedCredentials: held.federatedCredentials.filter(({ applicationId }) => !own.includes(applicationId)),
    ownerships: held.ownerships.filter(({ objectId, ownerId }) => !own.includes(objectId) && !own.includes(ownerId)),
    groups: held.groups.map((group) => ({ ...group, members: group.members.filter((id) => !own.includes(id)) })),
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
