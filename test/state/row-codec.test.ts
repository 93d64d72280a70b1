import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeValue, encodeValue } from "../../shared/state/row-codec.ts";

test("any JSON value comes back, short or long, with lone surrogates and all of Unicode", () => {
  const value = fc.jsonValue({ stringUnit: "binary", maxDepth: 5 });
  fc.assert(
    fc.property(value, fc.nat({ max: 60_000 }), (content, padding) => {
      const original = { content, padding: "\ud800é😀".repeat(padding / 4) };
      expect(decodeValue(encodeValue(original))).toEqual(JSON.parse(JSON.stringify(original)));
    }),
    { numRuns: 60 },
  );
});

test("every property fits: strings of 32 Ki units, binaries of 64 KiB", () => {
  const noise = Array.from({ length: 60_000 }, (_, i) => (i * 2_654_435_761) >>> 0);
  for (const value of ["x".repeat(31_998), "x".repeat(32_000), noise]) {
    for (const property of Object.values(encodeValue(value))) {
      expect(property.length).toBeLessThanOrEqual(typeof property === "string" ? 32 * 1024 : 64 * 1024);
    }
  }
});
