/** Columns of Log Analytics rows that differ from table to table and from year to year. */
import { expect, test } from "vitest";
import { isFields, propertiesOf } from "../../../shared/records/fields.ts";
import { fromLogAnalytics } from "../../../tools/replay/shapes/log-analytics.ts";

const policies = [{ id: "0f9b1c52-3a1d-4d0c-8f86-1f3f2f1a7c22", result: "failure" }];
const applied = (columns: Record<string, unknown>) => {
  const row = { Type: "AADServicePrincipalSignInLogs", TimeGenerated: "2026-03-02T09:41:00Z", ...columns };
  const record = fromLogAnalytics(row)?.record;
  return isFields(record) ? propertiesOf(record).appliedConditionalAccessPolicies : null;
};

test.each([
  ["the first column", { ConditionalAccessPolicies: policies }],
  ["text", { ConditionalAccessPolicies: JSON.stringify(policies), ConditionalAccessPoliciesV2: "[]" }],
  ["the second column", { ConditionalAccessPolicies: "", ConditionalAccessPoliciesV2: JSON.stringify(policies) }],
  ["the second column alone", { ConditionalAccessPolicies: "[]", ConditionalAccessPoliciesV2: policies }],
])("the policies of a sign-in are read from %s", (_, columns) => {
  expect(applied(columns)).toEqual(policies);
});

test("a row that names no policies has none", () => {
  expect(applied({ ConditionalAccessPolicies: "[]", ConditionalAccessPoliciesV2: "" })).toBeUndefined();
});
