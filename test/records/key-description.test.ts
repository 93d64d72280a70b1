import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CredentialDescription } from "../../shared/domain/event.ts";
import { keyDifference, parseKeyDescription } from "../../shared/records/key-description.ts";
import { keyA, keyB, keys } from "./build.ts";

const secretA = { keyId: keyA, keyType: "Password", keyUsage: "Verify", claimedName: "key" };

describe("parseKeyDescription", () => {
  test("tells unknown from empty", () => {
    expect(parseKeyDescription(null)).toEqual({ ok: true, keys: null });
    expect(parseKeyDescription(undefined)).toEqual({ ok: true, keys: null });
    expect(parseKeyDescription("")).toEqual({ ok: true, keys: null });
    expect(parseKeyDescription('""')).toEqual({ ok: true, keys: null });
    expect(parseKeyDescription("[]")).toEqual({ ok: true, keys: [] });
    expect(parseKeyDescription('"[]"')).toEqual({ ok: true, keys: [] });
  });

  test.each(["", "a,b", `x]", KeyIdentifier=${keyB},KeyType=Password`, "CN=a, O=b", "]", "Größe=1\nzwei"])(
    "takes everything after DisplayName= as the name: %j",
    (name) => {
      const parsed = parseKeyDescription(keys([keyA, name]));
      expect(parsed).toEqual({ ok: true, keys: [{ ...secretA, claimedName: name }] });
    },
  );

  test("folds the case of ids and keeps unknown kinds as other", () => {
    const parsed = parseKeyDescription(keys([keyA.toUpperCase(), "n", "X509CertAndPassword", "sign"]));
    const key = { keyId: keyA, keyType: "other", keyUsage: "Sign", claimedName: "n" };
    expect(parsed).toEqual({ ok: true, keys: [key] });
  });

  test.each([
    ["cut off", keys([keyA], [keyB]).slice(0, -20)],
    ["an entry without an id", '["[KeyIdentifier=,KeyType=Password,KeyUsage=Verify,DisplayName=]"]'],
    ["an entry that is no text", "[1]"],
    ["no list", '{"a":1}'],
  ])("refuses %s rather than read a part of it", (_, value) => {
    expect(parseKeyDescription(value)).toEqual({ ok: false });
  });
});

const credential: fc.Arbitrary<CredentialDescription> = fc.record({
  keyId: fc.constantFrom("a", "b", "c", "d", "e"),
  keyType: fc.constantFrom("Password", "AsymmetricX509Cert", "other"),
  keyUsage: fc.constantFrom("Verify", "Sign", "other"),
  claimedName: fc.string({ maxLength: 3 }),
});

describe("keyDifference", () => {
  const shape = (list: readonly CredentialDescription[]) =>
    [...new Set(list.map((key) => `${key.keyId},${key.keyType},${key.keyUsage}`))].sort();
  const lists = fc.tuple(fc.array(credential), fc.array(credential));

  test("does not depend on the order of either list", () => {
    const shuffled = lists.chain(([before, after]) =>
      fc.tuple(
        fc.constant([before, after] as const),
        fc.shuffledSubarray(before, { minLength: before.length }),
        fc.shuffledSubarray(after, { minLength: after.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([[before, after], before2, after2]) => {
        const [one, other] = [keyDifference(before, after), keyDifference(before2, after2)];
        expect(shape(other.added)).toEqual(shape(one.added));
        expect(shape(other.removed)).toEqual(shape(one.removed));
      }),
    );
  });

  test("before minus removed plus added is after", () => {
    fc.assert(
      fc.property(lists, ([before, after]) => {
        const { added, removed } = keyDifference(before, after);
        const gone = new Set(shape(removed));
        const left = before.filter((key) => !shape([key]).some((name) => gone.has(name)));
        expect(shape([...left, ...added])).toEqual(shape(after));
        expect(keyDifference(after, before)).toEqual({ added: removed, removed: added });
      }),
    );
  });

  test("nothing changes when only names do", () => {
    const renamed = (key: CredentialDescription) => ({ ...key, claimedName: `${key.claimedName}!` });
    fc.assert(
      fc.property(fc.array(credential), (list) => {
        expect(keyDifference(list, list.map(renamed))).toEqual({ added: [], removed: [] });
      }),
    );
  });
});
