/** A story's policy is the shipped one but for named values, and the differences are found, not claimed. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Member } from "../../../local/stories/evidence.ts";
import { fillAll } from "../../../local/stories/placeholders.ts";
import { patchPolicy, policyDifferences } from "../../../local/stories/policy-file.ts";

const shipped = readFileSync(new URL("../../../policy.yaml", import.meta.url), "utf8");

describe("a policy for a story", () => {
  it("differs in exactly what was asked for, and keeps every comment", () => {
    const patched = patchPolicy(shipped, { tenantId: "7e4a41a1-6f0c-4c55-9d0e-2f6f3f7f5a10", mode: "enforce" });
    expect(policyDifferences(shipped, patched)).toEqual([
      {
        path: "tenantId",
        before: "00000000-0000-0000-0000-000000000000",
        after: "7e4a41a1-6f0c-4c55-9d0e-2f6f3f7f5a10",
      },
      { path: "mode", before: "observe", after: "enforce" },
    ]);
    const comments = (text: string): string[] => text.match(/#.*$/gm) ?? [];
    expect(comments(patched)).toEqual(comments(shipped));
  });

  it("takes whole lists and blocks, too", () => {
    const id = "11111111-1111-4111-8111-111111111111";
    const patched = patchPolicy(shipped, {
      "protected.never": [id],
      stages: { contain: "approve", eradicate: "approve", retire: "observe" },
    });
    expect(policyDifferences(shipped, patched)).toEqual([
      { path: "stages.contain", before: "enforce", after: "approve" },
      { path: "protected.never", before: [], after: [id] },
    ]);
  });

  it("cannot change what the policy does not have", () => {
    expect(() => patchPolicy(shipped, { "blastRadius.perYear": 1 })).toThrow(/no "blastRadius.perYear" to change/);
  });

  it("may write a line for what the policy says nothing of, and keeps its comments", () => {
    const patched = patchPolicy(shipped, { "riskEventTypes.brandNew": "observe", mode: "approve" });
    expect(policyDifferences(shipped, patched)).toEqual([
      { path: "mode", before: "observe", after: "approve" },
      { path: "riskEventTypes.brandNew", before: undefined, after: "observe" },
    ]);
    expect(patched).toMatch(/# payroll is not stopped by a machine/);
  });

  it("may say from where the story's identities sign in, whose ids only the twin knows", () => {
    const appId = "b55552fe-a272-4b56-990b-95038d917878";
    const member = { appId, labels: new Map() } as unknown as Member;
    const filling = { cast: new Map([["mailer", member]]), tenantId: "" };
    const wanted = fillAll({ "trustedLocations.identities.{mailer.appId}": ["192.0.2.0/24"] }, filling);
    expect(policyDifferences(shipped, patchPolicy(shipped, wanted))).toEqual([
      { path: `trustedLocations.identities.${appId}`, before: undefined, after: ["192.0.2.0/24"] },
    ]);
  });
});
