/** What people are told a plan rests on is what is weighed for it, not only the record that came first. */
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../shared/domain/finding.ts";
import type { Plan } from "../../../shared/domain/plan.ts";
import { evidenceFor } from "../../../shared/engine/incident/plan-findings.ts";
import type { Partition } from "../../../shared/engine/rows/partition.ts";
import { credentialFinding, manualFinding, riskFinding, subject } from "../../support/findings.ts";

function partitionOf(...findings: readonly Finding[]): Partition {
  const rows = findings.map((finding) => {
    const key = `finding|${finding.id}`;
    return [key, { key, etag: "1", value: { incidentId: "incident", finding } }] as const;
  });
  return { key: `${subject.tenantId}|${subject.appId}`, rows: new Map(rows) };
}

function planFor(findingIds: readonly string[], requestedBy = "tourniquet"): Plan {
  return {
    id: "plan",
    incidentId: "incident",
    identity: subject,
    playbook: "contain-compromised-identity",
    version: 1,
    ordinal: 1,
    findingIds: [...findingIds],
    requestedBy,
    createdAt: "2026-03-02T10:00:00.000Z",
    notBefore: "2026-03-02T10:00:00.000Z",
    steps: [],
  };
}

const added = credentialFinding({}, { id: "added", severity: "low" });
const leaked = riskFinding({}, { id: "leaked", severity: "high" });
const asked = manualFinding({}, { id: "asked", severity: "critical" });
const partition = partitionOf(added, leaked, asked);

describe("the evidence for a plan", () => {
  it("is everything that is weighed for it, the gravest first, though it was made for the least", () => {
    expect(evidenceFor(partition, planFor(["added"])).map(({ id }) => id)).toEqual(["leaked", "added"]);
  });

  it("is a person's word alone where a person asked for it", () => {
    expect(evidenceFor(partition, planFor(["asked"], "ada")).map(({ id }) => id)).toEqual(["asked"]);
  });

  it("of an undo is what the plan that it takes back was made for", () => {
    expect(evidenceFor(partition, planFor(["added"], "olga")).map(({ id }) => id)).toEqual(["added"]);
  });
});
