/** Ids are hashes of what they stand for: a retry meets itself, and nothing else does. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { hashId } from "../../shared/domain/ids.ts";

it("gives the same id for the same parts, today and in the next version", () => {
  expect(hashId("incident", "a|b", "finding")).toBe(hashId("incident", "a|b", "finding"));
  // stored rows are found by these ids: a change here orphans every one of them
  expect(hashId("incident", "a|b", "finding")).toBe("LgjnCoJPj5_hlItFEqs1sm");
});

it("gives another id for other parts, wherever the border between them lies", () => {
  const parts = fc.array(fc.string({ unit: "grapheme", maxLength: 6 }), { maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(hashId(...a) === hashId(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
  expect(hashId("ab", "c")).not.toBe(hashId("a", "bc"));
  expect(hashId("a", "")).not.toBe(hashId("a"));
  expect(hashId("1:a;")).not.toBe(hashId("a"));
});

it("can stand in a table key, a URL and a partition key", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (parts) => {
      expect(hashId(...parts)).toMatch(/^[A-Za-z0-9_-]{22}$/);
    }),
  );
});
