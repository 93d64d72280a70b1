/** Laws of every action on every kind of identity, on a directory that is no twin of ours: requests bring the state about. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action } from "../../shared/actions/action.ts";
import * as exported from "../../shared/actions/index.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { type Credentials, carrying, credentials } from "./arbitraries.ts";
import { type Directory, directory, ids, sent, snapshotOf } from "./directory.ts";

const actions: readonly Action[] = Object.values({ ...exported });
const cases = actions.flatMap((action) =>
  IdentityKind.options.filter((kind) => action.appliesTo(kind)).map((kind) => [action.id, kind, action] as const),
);

/** Whatever the directory holds: objects there or not, enabled or not, at risk or not. */
const directories: fc.Arbitrary<{ held: Directory; own: readonly [Credentials, Credentials] }> = fc
  .record({
    onPrincipal: credentials,
    onApplication: credentials,
    accountEnabled: fc.boolean(),
    isHome: fc.boolean(),
    riskState: fc.option(fc.constantFrom("atRisk", "dismissed", "confirmedCompromised")),
  })
  .map(({ onPrincipal, onApplication, accountEnabled, isHome, riskState }) => {
    const empty = directory();
    const { servicePrincipal, application } = empty;
    if (servicePrincipal === null || application === null) throw new Error("the directory starts with both");
    const held = directory({
      servicePrincipal: { ...carrying(servicePrincipal, onPrincipal), accountEnabled },
      application: isHome ? carrying(application, onApplication) : null,
      risky: riskState === null ? null : { id: ids.servicePrincipalId, riskState, riskLevel: "high" },
    });
    return { held, own: [onPrincipal, onApplication] as const };
  });

/** Parameters this action can have here: everything, or some keyIds, with the object named or not. */
function parametersOf(action: Action, own: readonly [Credentials, Credentials]): fc.Arbitrary<unknown> {
  if (action.parameters.safeParse({}).success) return fc.constant({});
  const keyIds = own.flatMap(({ passwords, keys }) => [...passwords, ...keys].map(({ keyId }) => keyId));
  return fc.constantFrom("servicePrincipal", "application").chain((object) => {
    const objectId = object === "application" ? ids.applicationObjectId : ids.servicePrincipalId;
    return fc.record({
      object: fc.constant(object),
      objectId: fc.constantFrom(null, objectId, ids.stranger),
      keyIds: fc.oneof(
        fc.constant("all"),
        fc.subarray(keyIds, { minLength: Math.min(1, keyIds.length) }).map((some) => [...some, ids.stranger]),
      ),
    });
  });
}

describe.each(cases)("%s on %s", (_id, kind, action) => {
  const situations = directories.chain(({ held, own }) =>
    parametersOf(action, own).map((parameters) => ({ held, parameters: action.parameters.parse(parameters) })),
  );

  /** Few runs each: there are many actions and kinds. */
  const holds = (law: (situation: { held: Directory; parameters: unknown }) => void) =>
    fc.assert(fc.property(situations, law), { numRuns: 30 });

  test("brings about what it then sees in place, and its second run does nothing", () => {
    holds(({ held, parameters }) => {
      const snapshot = snapshotOf(held, kind);
      if (action.isInPlace(parameters, snapshot)) return;
      const requests = action.requests(parameters, snapshot);
      expect(requests).not.toEqual([]);
      const changed = snapshotOf(sent(held, requests), kind);
      expect(action.isInPlace(parameters, changed)).toBe(true);
    });
  });

  test("stays possible when a crash let only the first of its requests through", () => {
    holds(({ held, parameters }) => {
      const snapshot = snapshotOf(held, kind);
      if (action.isInPlace(parameters, snapshot)) return;
      const half = sent(held, action.requests(parameters, snapshot).slice(0, 1));
      const rest = action.isInPlace(parameters, snapshotOf(half, kind))
        ? []
        : action.requests(parameters, snapshotOf(half, kind));
      expect(action.isInPlace(parameters, snapshotOf(sent(half, rest), kind))).toBe(true);
    });
  });

  test("names no object but the victim's own", () => {
    const own: readonly string[] = [ids.servicePrincipalId, ids.applicationObjectId];
    holds(({ held, parameters }) => {
      for (const request of action.requests(parameters, snapshotOf(held, kind))) {
        const [, named] = /^\/(?:servicePrincipals|applications)\/([^/]+)/.exec(request.path) ?? [];
        const listed = request.body?.servicePrincipalIds;
        const objects = named === undefined ? (Array.isArray(listed) ? listed : []) : [named];
        expect(objects).toHaveLength(1);
        for (const id of objects) expect(own).toContain(id);
      }
    });
  });

  test("keeps a receipt that is stored as it is and holds no secret and no key", () => {
    holds(({ held, parameters }) => {
      const receipt = action.keep(parameters, snapshotOf(withSecrets(held), kind));
      expect(action.receipt.parse(JSON.parse(JSON.stringify(receipt)))).toEqual(receipt);
      expect(JSON.stringify(receipt)).not.toContain(secret);
    });
  });

  test("asks only v1.0 to change, and reads with the id it was given", () => {
    const subject = snapshotOf(directory(), kind);
    holds(({ held, parameters }) => {
      for (const request of action.requests(parameters, snapshotOf(held, kind))) expect(request.version).toBe("v1.0");
      for (const read of action.reads(parameters, subject)) {
        expect(read.method).toBe("GET");
        expect(read.path.includes(ids.servicePrincipalId) || read.path.includes(ids.appId)).toBe(true);
      }
    });
  });
});

const secret = "Kh~8Q-secret";

function withSecrets(held: Directory): Directory {
  const open = (object: Directory["application"]) =>
    object === null
      ? null
      : {
          ...object,
          passwordCredentials: object.passwordCredentials.map((one) => ({ ...one, secretText: secret, hint: secret })),
          keyCredentials: object.keyCredentials.map((one) => ({ ...one, key: secret })),
        };
  return { ...held, servicePrincipal: open(held.servicePrincipal), application: open(held.application) };
}
