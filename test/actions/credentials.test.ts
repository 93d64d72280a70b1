/** Removing credentials: exactly what was named goes, signing sets stay whole, and what is kept is resent as it came. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { removeKeyCredentials, removePasswordCredentials } from "../../shared/actions/index.ts";
import { RetryableError } from "../../shared/domain/errors.ts";
import { type Credentials, carrying, credentials, signingSet } from "./arbitraries.ts";
import {
  carrierOf,
  type Directory,
  directory,
  ids,
  keptKeyIds,
  type Side,
  sent,
  snapshotOf,
  withObject,
} from "./directory.ts";

const sides = [
  ["servicePrincipal", ids.servicePrincipalId],
  ["application", ids.applicationObjectId],
] as const;

function carriedBy(side: Side, own: Credentials): Directory {
  return withObject(directory(), side, carrying(carrierOf(directory(), side), own));
}

function removeEverything(held: Directory, object: Side): Directory {
  const target = { object, objectId: null, keyIds: "all" as const };
  const withoutPasswords = sent(held, removePasswordCredentials.requests(target, snapshotOf(held)));
  return sent(withoutPasswords, removeKeyCredentials.requests(target, snapshotOf(withoutPasswords)));
}

describe.each(sides)("on the %s", (object, objectId) => {
  test("everything goes but a SAML signing set, which stays whole", () => {
    fc.assert(
      fc.property(credentials, (own) => {
        const held = carriedBy(object, own);
        const left = carrierOf(removeEverything(held, object), object);
        expect(left.passwordCredentials).toEqual(own.signing === null ? [] : [own.signing.password]);
        expect(left.keyCredentials).toEqual(own.signing === null ? [] : own.signing.keys);
      }),
    );
  });

  test("a part of a signing set does not go even when it is named", () => {
    fc.assert(
      fc.property(signingSet, (signing) => {
        const held = carriedBy(object, { passwords: [], keys: [], signing });
        const named = { object, objectId, keyIds: [signing.password.keyId, ...signing.keys.map(({ keyId }) => keyId)] };
        expect(removePasswordCredentials.requests(named, snapshotOf(held))).toEqual([]);
        expect(removeKeyCredentials.requests(named, snapshotOf(held))).toEqual([]);
      }),
    );
  });

  test("exactly the named keyIds go, and the receipt lists exactly them", () => {
    const picked = credentials.chain((own) =>
      fc.record({
        own: fc.constant(own),
        some: fc.subarray([...own.passwords, ...own.keys].map(({ keyId }) => keyId)),
      }),
    );
    fc.assert(
      fc.property(picked, ({ own, some }) => {
        fc.pre(some.length > 0);
        const held = carriedBy(object, own);
        const target = { object, objectId, keyIds: some };
        const left = carrierOf(sent(held, removePasswordCredentials.requests(target, snapshotOf(held))), object);
        const gone = own.passwords.filter(({ keyId }) => some.includes(keyId)).map(({ keyId }) => keyId);
        expect(keptKeyIds(removePasswordCredentials.keep(target, snapshotOf(held))).toSorted()).toEqual(
          gone.toSorted(),
        );
        const before = carrierOf(held, object);
        expect(left.passwordCredentials).toEqual(
          before.passwordCredentials.filter(({ keyId }) => !gone.includes(keyId)),
        );
        expect(left.keyCredentials).toEqual(before.keyCredentials);
      }),
    );
  });

  test("certificates that stay are resent byte by byte as Graph returned them, in their order", () => {
    const picked = credentials.chain((own) =>
      fc.record({ own: fc.constant(own), some: fc.subarray(own.keys.map(({ keyId }) => keyId)) }),
    );
    fc.assert(
      fc.property(picked, ({ own, some }) => {
        fc.pre(some.length > 0);
        const held = carriedBy(object, own);
        const [request, ...more] = removeKeyCredentials.requests({ object, objectId, keyIds: some }, snapshotOf(held));
        expect(more).toEqual([]);
        const staying = carrierOf(held, object).keyCredentials.filter(({ keyId }) => !some.includes(keyId));
        expect(JSON.stringify(request?.body)).toBe(JSON.stringify({ keyCredentials: staying }));
      }),
    );
  });

  test("a keyId that is not there is in place, and nothing is sent", () => {
    fc.assert(
      fc.property(credentials, (own) => {
        const snapshot = snapshotOf(carriedBy(object, own));
        const target = { object, objectId, keyIds: [ids.stranger] };
        for (const action of [removePasswordCredentials, removeKeyCredentials]) {
          expect(action.isInPlace(target, snapshot)).toBe(true);
          expect(action.requests(target, snapshot)).toEqual([]);
        }
      }),
    );
  });

  test("nothing goes from an object that the evidence did not name", () => {
    fc.assert(
      fc.property(credentials, (own) => {
        const snapshot = snapshotOf(carriedBy(object, own));
        for (const action of [removePasswordCredentials, removeKeyCredentials]) {
          expect(action.requests({ object, objectId: ids.stranger, keyIds: "all" }, snapshot)).toEqual([]);
        }
      }),
    );
  });

  test("an object that does not exist has nothing to remove", () => {
    const snapshot = snapshotOf(withObject(directory(), object, null));
    for (const action of [removePasswordCredentials, removeKeyCredentials]) {
      expect(action.isInPlace({ object, objectId: null, keyIds: "all" }, snapshot)).toBe(true);
      expect(action.requests({ object, objectId: null, keyIds: "all" }, snapshot)).toEqual([]);
    }
  });
});

test("an upper-case keyId of Graph is the one that the evidence names in lower case", () => {
  const keyId = "9D9FEA30-D8E3-481B-B57C-0EF569A989E5";
  const own = { passwords: [{ keyId }], keys: [{ keyId, usage: "Verify" }], signing: null };
  const held = carriedBy("application", own);
  const target = removeKeyCredentials.parameters.parse({ object: "application", objectId: null, keyIds: [keyId] });
  expect(target.keyIds).toEqual([keyId.toLowerCase()]);
  expect(removeKeyCredentials.isInPlace(target, snapshotOf(held))).toBe(false);
  expect(removePasswordCredentials.isInPlace(target, snapshotOf(held))).toBe(false);
});

test("no list of keyIds is no wish to remove, so it is refused", () => {
  const target = { object: "application", objectId: null, keyIds: [] };
  expect(removeKeyCredentials.parameters.safeParse(target).success).toBe(false);
});

test("passwords are left alone while it is not known which of them belong to a signing set", () => {
  const held = snapshotOf(
    carriedBy("application", {
      passwords: [{ keyId: ids.stranger }],
      keys: [],
      signing: null,
    }),
  );
  const lagging = {
    ...held,
    body: (read: Parameters<typeof held.body>[0]) => (read.path.includes("keyCredentials") ? null : held.body(read)),
  };
  const target = { object: "application", objectId: null, keyIds: "all" } as const;
  expect(() => removePasswordCredentials.isInPlace(target, lagging)).toThrow(RetryableError);
  expect(() => removePasswordCredentials.requests(target, lagging)).toThrow(RetryableError);
});
