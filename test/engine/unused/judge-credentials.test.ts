/** Which credentials of a used identity may go: each rule once. */
import { describe, expect, test } from "vitest";
import { defaultRetirePolicy as policy } from "../../../shared/domain/retire-policy.ts";
import type { CredentialFacts, UseFacts } from "../../../shared/domain/use.ts";
import { judgeUse } from "../../../shared/engine/unused/decide/judge-use.ts";
import { credentialFacts, daysAgo, reportedAt, useFacts } from "../../support/use-facts.ts";

const inUse = credentialFacts();
const quiet = credentialFacts({ keyId: "66666666-6666-4666-8666-666666666666", lastUsedAt: daysAgo(190) });

function codes(credentials: readonly CredentialFacts[], changes: Partial<UseFacts> = {}): readonly string[] {
  const facts = useFacts({ ssoMode: "oidc", reported: reportedAt(daysAgo(3)), credentials, ...changes });
  return judgeUse(facts, policy).credentials.map(
    ({ removable, reason }) => `${removable ? "may go" : "stays"}: ${reason.code}`,
  );
}

describe("a credential", () => {
  test("may go when it was not used for long, and another one was", () => {
    expect(codes([inUse, quiet])).toEqual(["stays: credential-in-use", "may go: credential-unused"]);
  });

  test("stays until the report cannot have missed a use within the time", () => {
    expect(codes([inUse, { ...quiet, lastUsedAt: daysAgo(181) + 1 }])[1]).toBe("stays: credential-in-use");
    expect(codes([inUse, { ...quiet, lastUsedAt: daysAgo(181) }])[1]).toBe("may go: credential-unused");
  });

  test("stays when nobody knows when it was used", () => {
    expect(codes([inUse, { ...quiet, lastUsedAt: undefined }])[1]).toBe("stays: credential-use-unknown");
    expect(codes([inUse, { ...quiet, expiresAt: Number.NaN }])[1]).toBe("stays: credential-use-unknown");
  });

  test.each<[string, Partial<CredentialFacts>]>([
    ["is not known to be used", { lastUsedAt: undefined }],
    ["was not used for as long", { lastUsedAt: daysAgo(200) }],
    ["has expired", { expiresAt: daysAgo(1) }],
    ["is not valid yet", { createdAt: daysAgo(-1) }],
    ["claims a use in the future", { lastUsedAt: daysAgo(-5) }],
    ["signs tokens", { signing: true }],
  ])("stays when the other one %s", (_what, other) => {
    expect(codes([{ ...inUse, ...other }, quiet])[1]).toBe("stays: credential-last-known");
  });

  test("may go when it expired long ago, even as the only one", () => {
    expect(codes([{ ...quiet, expiresAt: daysAgo(31) }])).toEqual(["may go: credential-expired"]);
    expect(codes([{ ...quiet, expiresAt: daysAgo(29) }])).toEqual(["stays: credential-expired-lately"]);
  });

  test("stays when it signs tokens, or shares its key id with another", () => {
    expect(codes([inUse, { ...quiet, signing: true, expiresAt: daysAgo(99) }])[1]).toBe("stays: credential-signing");
    expect(codes([inUse, quiet, { ...quiet, object: "servicePrincipal" }])[1]).toBe("stays: credential-ambiguous");
  });
});

test("nothing is said of the credentials of what is unused, unknown or exempt, but of what others call", () => {
  expect(codes([inUse, quiet], { reported: reportedAt(daysAgo(200)) })).toEqual([]);
  expect(codes([inUse, quiet], { reported: undefined })).toEqual([]);
  expect(codes([inUse, quiet], { ssoMode: "saml" })).toEqual([]);
  expect(codes([inUse, quiet], { protectedBy: "never", calledBy: ["x"] })).toEqual([]);
  expect(codes([inUse, quiet], { calledBy: ["x"] })).toHaveLength(2);
});
