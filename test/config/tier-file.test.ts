/** The tier file: EntraOps' export of privileged objects, whose ControlPlane objects are tier 0. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPolicy } from "../../shared/config/policy-file.ts";
import { readTierFile } from "../../shared/config/tier-file.ts";

const ids = [
  "11111111-0000-4000-8000-000000000001",
  "11111111-0000-4000-8000-000000000002",
  "11111111-0000-4000-8000-000000000003",
];

const exported = [
  { ObjectId: ids[0]?.toUpperCase(), ObjectType: "serviceprincipal", ObjectAdminTierLevelName: "ControlPlane" },
  {
    ObjectId: ids[1],
    ObjectAdminTierLevelName: "Unclassified",
    Classification: [{ AdminTierLevelName: "ManagementPlane" }, { AdminTierLevelName: "ControlPlane" }],
  },
  {
    ObjectId: ids[2],
    ObjectAdminTierLevelName: "ManagementPlane",
    Classification: { AdminTierLevelName: "UserAccess" },
  },
];

describe("the tier file", () => {
  it("makes tier 0 of what is ControlPlane by its tag or by any of its roles", () => {
    expect(readTierFile(JSON.stringify(exported, null, 2), "t.json")).toEqual({ tier0: ids.slice(0, 2), problems: [] });
  });

  it.each([
    ["no JSON", "[{", /^t\.json:1:\d+ no valid JSON/],
    ["no list", '{"ObjectId": 1}', /^t\.json:1:1 expected a list/],
    ["no object id", '[\n  {"ObjectAdminTierLevelName": "ControlPlane"}\n]', /^t\.json:2:\d+ 0\.ObjectId: .*a GUID/],
    ["a name instead of an id", '[\n  {\n    "ObjectId": "payroll"\n  }\n]', /^t\.json:3:\d+ 0\.ObjectId/],
    ["no tier", `[{"ObjectId": "${ids[0]}"}]`, /^t\.json:1:\d+ no tier is named/],
    [
      "the classification of permissions",
      '[{"EAMTierLevelName": "ControlPlane", "TierLevelDefinition": []}]',
      /classifies permissions, which is built in/,
    ],
  ])("says with its line what is wrong: %s", (_what, text, says) => {
    const { tier0, problems } = readTierFile(text, "t.json");
    expect(tier0).toEqual([]);
    expect(problems[0]).toMatch(says);
  });

  it("is read with the policy that names it, from beside it, and a wrong one is no policy", () => {
    const folder = mkdtempSync(join(tmpdir(), "tier-file-"));
    const policy = join(folder, "policy.yaml");
    const shipped = readFileSync("policy.yaml", "utf8");
    writeFileSync(policy, shipped.replace("\nprotected:\n", "\nprotected:\n  tierFile: tiers.json\n"));
    expect(() => loadPolicy(policy)).toThrow(/tiers\.json cannot be read/);
    writeFileSync(join(folder, "tiers.json"), JSON.stringify(exported));
    expect(loadPolicy(policy).protected.tier0).toEqual(ids.slice(0, 2));
    writeFileSync(join(folder, "tiers.json"), JSON.stringify([{}]));
    expect(() => loadPolicy(policy)).toThrow(/tier file cannot be used:\n.*tiers\.json:1:/);
  });
});
