/** The evidence of an incident, in whatever state it is, and however the tables were edited before somebody asked for it. */
import { describe, expect, it } from "vitest";
import { EvidencePack } from "../../../shared/domain/evidence-pack.ts";
import { fileOf } from "../../../shared/engine/pack/form.ts";
import { makePack } from "../../../shared/engine/pack/make-pack.ts";
import { pageOf } from "../../../shared/engine/pack/page/page.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { cancelPlan } from "../../../shared/engine/people/requests/cancel-by-person.ts";
import { verifyEvidence } from "../../../tools/verify-evidence/verify.ts";
import type { Harness } from "../../support/harness.ts";
import { containedIncident, evidenceOf, reader, states } from "./incidents.ts";

async function keyIdOf(harness: Harness): Promise<string> {
  return (await harness.tables.signer.publicKeys())[0]?.id ?? "";
}

function wherefrom(pack: EvidencePack): string {
  return pack.problems.map(({ where, what }) => `${where}: ${what}`).join("\n");
}

describe.each(Object.entries(states))("the evidence of an incident that is %s", (_, start) => {
  it("holds, fits its schema, comes through JSON unchanged, and finds nothing wrong in the tables", async () => {
    const harness = await start();
    const pack = await evidenceOf(harness);
    const file = fileOf(pack);
    expect(EvidencePack.parse(JSON.parse(file))).toEqual(JSON.parse(file));
    expect(fileOf(JSON.parse(file))).toBe(file);
    expect(pack.problems).toEqual([]);
    expect(pack.ledger.length).toBeGreaterThan(0);
    const verdict = verifyEvidence(Buffer.from(file), { keyId: await keyIdOf(harness), heads: null });
    expect(verdict.checks.filter(({ holds }) => holds !== true)).toEqual([]);
    expect(pageOf(pack)).toContain("How to verify this");
  });
});

describe("what the evidence says", () => {
  it("of a containment: how it was, what was sent, what Graph called it, what it read back, what still works", async () => {
    const pack = await evidenceOf(await containedIncident());
    const [contain] = pack.plans[0]?.stages ?? [];
    expect(contain).toMatchObject({ stage: "contain", status: "done", verification: { state: "verified" } });
    expect(contain?.steps[0]).toMatchObject({
      action: "disable-service-principal",
      before: { wasEnabled: true },
      receiptSigned: true,
      after: [expect.stringMatching(/^PATCH .*"accountEnabled":false/)],
      outcome: "applied",
      requestIds: ["request-1"],
    });
    expect(pack.residualAccess.map(({ where }) => where)).toEqual(["Microsoft Graph", "all other resources"]);
    expect(pack.reports.at(-1)?.sentences[0]).toMatch(/^1\. At .* we disabled/);
    expect(pack.notExamined).toContain("Key Vault access policies");
    expect(pack.findings[0]?.warrant.recordId).toBe("detection-1");
    expect(pack.made).toMatchObject({ by: "rita@contoso.example (12121212-0000-4000-8000-000000000001)" });
  });

  it("of a decision: who, when and why, and of a step that was taken back both ends with their request ids", async () => {
    const approved = await evidenceOf(await (states.approved as () => Promise<Harness>)());
    const [word] = approved.plans[0]?.stages[0]?.approvals ?? [];
    expect(word).toMatchObject({ decision: "approve", reason: "because", alone: false, invalid: null });
    expect(word?.by).toMatch(/^ada@contoso\.example \(/);
    const undone = await evidenceOf(await (states.undone as () => Promise<Harness>)());
    const steps = undone.plans.flatMap(({ stages }) => stages.flatMap((stage) => stage.steps));
    const taken = steps.filter(({ outcome }) => outcome === "reverted");
    expect(taken.length).toBeGreaterThan(5);
    for (const { endings } of taken) {
      expect(endings.map(({ status }) => status)).toEqual(["applied", "reverted"]);
      expect(endings.every(({ requestIds }) => requestIds.length > 0)).toBe(true);
    }
  });

  it("nothing of an incident that there is not", async () => {
    const harness = await containedIncident();
    const made = makePack(harness.tables, "A".repeat(22), reader, { name: "tourniquet", version: "0" });
    await expect(made).rejects.toMatchObject({ code: "no-such-incident" });
  });
});

type Edit = readonly [what: string, edit: (harness: Harness) => void, told: RegExp];

const deleteRow = (prefix: string) => (harness: Harness) => {
  for (const rows of harness.world.data.identities.values())
    for (const key of [...rows.keys()]) if (key.startsWith(prefix)) rows.delete(key);
};
const edit = (prefix: string, change: Record<string, unknown>) => (harness: Harness) =>
  harness.editRow(prefix, (value) => ({ ...value, ...change }));

const edits: readonly Edit[] = [
  ["a plan's signature", edit("plan|", { signature: "es256.x" }), /plan\|.*not what we signed/],
  ["a plan without its row", deleteRow("plan|"), /plan\|.*entry \d+ of the ledger.*the row is gone/],
  ["a finding without its row", deleteRow("finding|"), /finding\|.*the row is gone/],
  ["an incident's shape", edit("incident|", { status: 7 }), /incident\|.*not of its shape/],
  ["a stage's shape", edit("stage|", { status: "wonderful" }), /stage\|.*not of its shape/],
  ["a receipt", edit("step|", { receipt: { wasEnabled: false } }), /step\|.*not the one that we signed/],
  [
    "an outcome",
    (harness) => harness.editRow("step|", (value) => ({ ...value, outcome: null })),
    /step\|.*the row says not run, the ledger says applied \(entry \d+\)/,
  ],
  [
    "an approval's text",
    edit("approval|", { payload: "{}" }),
    /approval\|.*a decision does not hold: it cannot be read/,
  ],
  ["a decision without its row", deleteRow("approval|"), /approval\|.*"ada@.*decided it \(entry \d+ of the ledger\)/],
  ["the end of the ledger", deleteRow("ledger|"), /ledger, entry 1/],
];

describe("evidence of tables that somebody edited", () => {
  it.each(edits)("says so of %s, loudly, and is still a valid file", async (_, change, told) => {
    const harness = await (states.approved as () => Promise<Harness>)();
    const { incidentId } = await harness.plan();
    change(harness);
    const pack = await makePack(harness.tables, incidentId, reader, { name: "tourniquet", version: "0.1.0" });
    expect(wherefrom(pack)).toMatch(told);
    expect(pageOf(pack)).toContain("Warning: the tables were edited or damaged.");
    const { checks } = verifyEvidence(Buffer.from(fileOf(pack)), { keyId: null, heads: null });
    const sound = checks.filter(({ name }) => ["form", "sections", "signature"].includes(name));
    expect(sound.map(({ holds }) => holds)).toEqual([true, true, true]);
    expect(checks.find(({ name }) => name === "tables")?.message).toContain("WARNING");
  });

  it("says so of a word that was taken back by an earlier one, and of a cancellation without its row", async () => {
    const harness = await (states.waiting as () => Promise<Harness>)();
    const { planId, identity } = await harness.plan();
    const ada = "ada@contoso.example (aaaaaaaa-0000-4000-8000-00000000000a)";
    await harness.decide("contain", "approve", ada);
    const rows = harness.world.data.identities.get(identity);
    const [key, approval] = [...(rows ?? [])].find(([name]) => name.startsWith("approval|")) ?? [];
    await harness.clock.advance(1_000);
    await harness.decide("contain", "deny", ada);
    expect(wherefrom(await evidenceOf(harness))).not.toContain("approval|");
    if (rows !== undefined && key !== undefined && approval !== undefined) rows.set(key, approval);
    expect(wherefrom(await evidenceOf(harness))).toMatch(/approval\|.*"ada@.*decided it .*says something else/);
    await cancelPlan(harness.tables, await findPlan(harness.tables, planId), { by: ada, reason: "no" });
    deleteRow("cancel|")(harness);
    expect(wherefrom(await evidenceOf(harness))).toMatch(/cancel\|.*"ada@.*called it off \(entry \d+ of the ledger\)/);
  });

  it("names the entry that was changed, and that it was so before the pack was made", async () => {
    const harness = await containedIncident();
    harness.editRow("ledger|", (value) => (value.seq === 3 ? { ...value, message: "nothing to see" } : value));
    const pack = await evidenceOf(harness);
    expect(wherefrom(pack)).toContain("ledger, entry 3");
    const { holds, checks } = verifyEvidence(Buffer.from(fileOf(pack)), { keyId: null, heads: null });
    expect(holds).toBe(false);
    expect(checks.find(({ name }) => name === "ledger")?.message).toMatch(/entry 3 .*the tables had been edited/);
  });

  it("shows names with halves of characters, which no signature could be made over", async () => {
    const harness = await containedIncident();
    harness.editRow("identity", (value) => ({ ...value, claimedName: "half \ud800" }));
    const pack = await evidenceOf(harness);
    expect(pack.identity.claimedName).toBe("half �");
    expect(verifyEvidence(Buffer.from(fileOf(pack)), { keyId: null, heads: null }).holds).toBe(true);
  });
});
