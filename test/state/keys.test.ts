import fc from "fast-check";
import { expect, test } from "vitest";
import { TerminalError } from "../../shared/domain/errors.ts";
import { decodeKey, encodeKey, prefixRange } from "../../shared/state/keys.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom("/", "\\", "#", "?", "%", "~", "'", "\u0000", "\u0085", "\ud83d", "\ude00", "a", "|"),
    maxLength: 60,
  }),
);

test("any text comes back from its key", () => {
  fc.assert(fc.property(text, (original) => void expect(decodeKey(encodeKey(original))).toBe(original)));
});

test("a key holds nothing that storage, a URL or a filter would take for something else", () => {
  fc.assert(fc.property(text, (original) => void expect(encodeKey(original)).toMatch(/^[A-Za-z0-9\-_.:|~]+$/)));
});

test("the range of a prefix holds the keys of exactly the texts that begin with it", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", minLength: 1, maxLength: 5 }),
      text,
      fc.boolean(),
      (prefix, other, joined) => {
        const candidate = joined ? prefix + other : other;
        fc.pre(candidate !== "");
        const range = prefixRange(prefix);
        const key = encodeKey(candidate);
        const inside = range !== null && key >= range.from && key < range.before;
        expect(inside).toBe(candidate.startsWith(prefix));
      },
    ),
  );
});

test("an empty prefix has no bounds, and a key that is too long is the caller's fault", () => {
  expect(prefixRange("")).toBeNull();
  expect(() => encodeKey("x".repeat(513))).toThrow(TerminalError);
});
