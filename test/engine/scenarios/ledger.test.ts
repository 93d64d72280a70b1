/** What the ledger tells of a containment: all of it, in its order, in agreement with the rows, and whole. */
import { describe, expect, it } from "vitest";
import { identityKey } from "../../../shared/domain/identity.ts";
import { Incident } from "../../../shared/domain/incident.ts";
import { Plan } from "../../../shared/domain/plan.ts";
import { loadPartition, read, readAll } from "../../../shared/engine/rows/partition.ts";
import { isFinal, stepRow } from "../../../shared/engine/rows/plans.ts";
import { readLedger } from "../../../shared/engine/rows/read-ledger.ts";
import { IdentityRecord, rowKey, SignedRow } from "../../../shared/engine/rows/rows.ts";
import { afterEveryDeath, playNotingDeaths } from "../../support/every-death.ts";
import { Harness, leaked, settle } from "../../support/harness.ts";
import { leak, tenantId, victim } from "../../support/harness-cast.ts";
import {
  deliveryOf,
  hour,
  newWorld,
  policyWith,
  readDependencies,
  startProcess,
  type World,
} from "../../support/harness-world.ts";

const key = identityKey(tenantId, victim.appId);

async function ledgersOf(world: World) {
  const { services } = startProcess(world, "reader");
  const partition = await loadPartition(services.stores.identities, key);
  const incidents = readAll(partition, "incident|", Incident).map(({ id }) => id);
  const ledgers = await Promise.all(incidents.map((id) => readLedger(services, key, id)));
  return { partition, ledgers, entries: ledgers.flatMap(({ entries }) => entries) };
}

const told = (entries: Awaited<ReturnType<typeof ledgersOf>>["entries"]) =>
  entries.map(({ event, data }) => [event, data.index, data.status].filter((one) => one !== undefined).join(" "));

/** Every step that has ended says so in the ledger, and the last word of the ledger is what the row says. */
async function agrees(world: World): Promise<void> {
  const { partition, ledgers, entries } = await ledgersOf(world);
  expect(ledgers.flatMap(({ problems }) => problems)).toEqual([]);
  const plans = readAll(partition, "plan|", SignedRow).map(({ value }) => Plan.parse(JSON.parse(value.payload)));
  for (const plan of plans) {
    expect(entries.filter(({ event, data }) => event === "plan.made" && data.planId === plan.id)).toHaveLength(1);
    for (const [index] of plan.steps.entries()) {
      const row = stepRow(partition, plan.id, index);
      const ended = entries.filter(
        ({ event, data }) => event === "step.ended" && data.planId === plan.id && data.index === index,
      );
      if (isFinal(row))
        expect(ended.at(-1)?.data).toMatchObject({ status: row.outcome?.status, requestIds: row.outcome?.requestIds });
      else expect(ended.filter(({ data }) => data.status === "applied")).toEqual([]);
      const intended = entries.filter(
        ({ event, data }) => event === "step.intended" && data.planId === plan.id && data.index === index,
      );
      expect(intended.length > 0).toBe(row.intendedAt !== null);
    }
  }
}

describe("the ledger of a containment", () => {
  it("has the finding, the plan, each step before and after it was sent, and what people were told, in this order", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(hour);
    const { entries } = await ledgersOf(harness.world);
    expect(told(entries)).toEqual([
      "finding.created",
      "plan.made",
      "step.intended 0",
      "step.ended 0 applied",
      "stage.finished",
      "stage.awaiting-approval",
      "identity.contained",
    ]);
    const intended = entries.find(({ event }) => event === "step.intended");
    expect(intended?.data).toMatchObject({
      decidedBy: "rule",
      requests: [expect.stringContaining("PATCH")],
      receiptHash: expect.any(String),
    });
    const ended = entries.find(({ event }) => event === "step.ended");
    expect(ended?.data.requestIds).toHaveLength(1);
    await agrees(harness.world);
  });

  it("goes on with what people approved and took back, who said so, and every step of it", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(hour);
    await harness.decide("eradicate");
    await harness.run(hour);
    await harness.undo();
    await harness.run(hour);
    const { entries } = await ledgersOf(harness.world);
    expect(entries.filter(({ event }) => event === "plan.made").map(({ by, data }) => [by, data.playbook])).toEqual([
      ["tourniquet", expect.any(String)],
      ["ada", "undo"],
    ]);
    expect(told(entries)).toContain("step.ended 0 reverted");
    await agrees(harness.world);
  });

  it("is sealed to its end once everything is told", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(hour);
    const { partition, ledgers } = await ledgersOf(harness.world);
    const record = read(partition, rowKey.identity, IdentityRecord);
    expect(ledgers).toMatchObject([{ head: { chain: record?.openIncidentId }, problems: [] }]);
    expect(ledgers.map(({ sealed }) => sealed?.seq)).toEqual(ledgers.map(({ head }) => head?.seq));
  });

  it("says that a stage which was refused did nothing, step by step", async () => {
    const policy = policyWith();
    const harness = await Harness.start({ ...policy, protected: { ...policy.protected, never: [victim.appId] } });
    await leaked(harness);
    await harness.run(hour);
    const { entries } = await ledgersOf(harness.world);
    expect(told(entries)).toContain("step.ended 0 blocked");
    expect(told(entries)).not.toContain("step.intended 0");
    await agrees(harness.world);
  });

  it("is whole, and agrees with the rows, wherever a process died", async () => {
    const world = newWorld();
    await readDependencies(world);
    world.tenant.change((directory) => directory.riskDetections.push(leak().copy));
    const acts = [{ records: [leak().record], lasts: 2 * 60_000 }];
    const writing = ["identities.commit", "tenant.send", "outcomes.publish"];
    const deaths = await playNotingDeaths(world, acts, (name) => writing.includes(name));
    const { played } = await afterEveryDeath(deaths, async (where) => {
      await settle(world, startProcess(world, "third"), world.clock.now() + hour);
      await agrees(world);
      const { entries, ledgers } = await ledgersOf(world);
      const times = (line: string) => told(entries).filter((one) => one === line).length;
      expect({ where, applied: times("step.ended 0 applied"), made: times("plan.made") }).toEqual({
        where,
        applied: 1,
        made: 1,
      });
      expect(ledgers.map(({ sealed }) => sealed?.seq)).toEqual(ledgers.map(({ head }) => head?.seq));
    });
    expect(played).toBeGreaterThan(20);
  });

  it("gains nothing by a record that comes again", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(hour);
    const before = (await ledgersOf(harness.world)).entries.length;
    await harness.process.ingest([deliveryOf(harness.world, [leak().record])]);
    await harness.run();
    expect((await ledgersOf(harness.world)).entries).toHaveLength(before);
  });
});
