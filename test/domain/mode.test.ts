/** Modes only ever tighten. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { atLeast, type Ceiling, mostPermissive, strictest } from "../../shared/domain/mode.ts";

const ceiling = fc.constantFrom<Ceiling>("notify", "observe", "approve", "enforce");
const some = fc.tuple(ceiling, ceiling, ceiling);

it("orders notify below observe below approve below enforce", () => {
  const order: Ceiling[] = ["notify", "observe", "approve", "enforce"];
  for (const [i, weak] of order.entries()) {
    for (const strong of order.slice(i)) {
      expect(atLeast(strong, weak)).toBe(true);
      expect(atLeast(weak, strong)).toBe(weak === strong);
    }
  }
});

it("gives as strictest one of the modes that permits no more than any of them, in whatever order they come", () => {
  fc.assert(
    fc.property(some, ([a, b, c]) => {
      const least = strictest(a, b, c);
      expect([a, b, c]).toContain(least);
      expect([a, b, c].every((mode) => atLeast(mode, least))).toBe(true);
      expect(strictest(c, a, b)).toBe(least);
    }),
  );
});

it("gives as most permissive one of the modes that permits at least what each of them does", () => {
  fc.assert(
    fc.property(some, ([a, b, c]) => {
      const most = mostPermissive(a, b, c);
      expect([a, b, c]).toContain(most);
      expect([a, b, c].every((mode) => atLeast(most, mode))).toBe(true);
    }),
  );
});

it("lets nothing happen where no mode is given", () => {
  expect(mostPermissive()).toBe("notify");
});
