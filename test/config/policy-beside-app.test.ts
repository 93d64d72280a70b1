/** The policy against the app it is for: what it names and there is not. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkPolicyAgainst, loadPolicy, readPolicy } from "../../shared/config/policy-file.ts";

const shipped = readFileSync("policy.yaml", "utf8");
const known = ["risky-service-principal", "service-principal-risk-detected"];

it("is told of detections that do not exist and of the placeholder", () => {
  const policy = readPolicy(shipped.replace("risky-service-principal:", "risky-service-principals:"), "p.yaml");
  const others = Object.keys(policy.detections).filter(
    (id) => !/^(risky-service|credential-added-to-service)/.test(id),
  );
  const found = checkPolicyAgainst(policy, [...known, ...others]);
  expect(found).toEqual([
    expect.stringMatching(/^tenantId: still the placeholder/),
    expect.stringMatching(/^detections\.risky-service-principals: .* did you mean `risky-service-principal`\? known: /),
    expect.stringMatching(/^detections\.credential-added-to-service-principal: there is no such detection/),
  ]);
});

it("is left alone when everything it names exists", () => {
  const text = shipped.replaceAll("00000000-0000-0000-0000-000000000000", "5D1C2E0F-93C2-4A2E-9E4D-0D6B3C1F1B11");
  const policy = readPolicy(text, "p.yaml");
  expect(policy.tenantId).toBe("5d1c2e0f-93c2-4a2e-9e4d-0d6b3c1f1b11");
  expect(checkPolicyAgainst(policy, Object.keys(policy.detections))).toEqual([]);
});

it("says which file is missing and how it is named", () => {
  expect(() => loadPolicy("no-such-policy.yaml")).toThrow(
    /no-such-policy\.yaml cannot be read.*TOURNIQUET_POLICY_FILE/,
  );
});
