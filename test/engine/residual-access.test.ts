/** What still works afterwards is said for the worst case, and never called revoked. */
import { expect, test } from "vitest";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { afterDisable, afterRemoval } from "../../shared/engine/residual-access.ts";
import { now } from "../support/findings.ts";

const minutesAfter = (until: string) => (Date.parse(until) - now) / 60_000;

test.each(IdentityKind.options)("a disabled %s identity leaves something open, with an end to it", (kind) => {
  const left = afterDisable(kind, now);
  expect(left.length).toBeGreaterThan(0);
  for (const { until, why } of left) {
    expect(minutesAfter(until)).toBeGreaterThanOrEqual(90);
    expect(why).not.toMatch(/revoked/i);
  }
});

test("a revocation event is claimed for a home application of this tenant alone, and only on Microsoft Graph", () => {
  const claims = IdentityKind.options.flatMap((kind) =>
    afterDisable(kind, now)
      .filter(({ why }) => why.includes("raised a revocation event"))
      .map(({ where }) => [kind, where]),
  );
  expect(claims).toEqual([["home-single-tenant", "Microsoft Graph"]]);
});

test("managed identities' tokens are cached for a day everywhere", () => {
  expect(afterDisable("managed-identity", now)).toMatchObject([{ where: "every resource" }]);
  expect(afterDisable("managed-identity", now).map(({ until }) => minutesAfter(until))).toEqual([24 * 60]);
});

test("removing credentials alone leaves a Graph token for up to 28 hours", () => {
  expect(afterRemoval(now).map(({ until }) => minutesAfter(until))).toEqual([28 * 60]);
});
