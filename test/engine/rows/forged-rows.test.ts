/** Somebody edits, behind our back, each kind of row that authorises: nothing is written on its word, people hear why, and we go on. */
import { beforeAll, describe, expect, it } from "vitest";
import { groupsKey } from "../../../shared/engine/judge/group-waits.ts";
import { findGroup, listGroups } from "../../../shared/engine/people/decisions/groups.ts";
import { Draft, loadPartition } from "../../../shared/engine/rows/partition.ts";
import { Harness } from "../../support/harness.ts";
import { guid, tenantId } from "../../support/harness-cast.ts";
import { hour } from "../../support/harness-world.ts";
import { forgeries, kinds, type Scene, type Signed, tenantWide } from "./forgeries.ts";
import { misplaced } from "./misplaced.ts";

const samples = new Map<string, Signed>();

beforeAll(async () => {
  for (const [name, make] of Object.entries(kinds)) samples.set(name, (await make()).signed);
});

/** All that people were told since, and what the stages say of themselves. */
async function heard({ harness }: Pick<Scene, "harness">, from: number, said: string): Promise<string> {
  const told = harness.world.told.slice(from).map(({ event, message }) => `${event}: ${message}`);
  const stages = (await harness.runs().catch(() => [])).flatMap((run) => run.stages);
  const reasons = stages.flatMap(({ reasons, steps }) => [...reasons, ...steps.map(({ outcome }) => outcome?.reason)]);
  return [said, ...told, ...reasons].join("\n");
}

describe.each(Object.entries(kinds))("a row of the kind %s", (name, make) => {
  it("is followed as it was signed", async () => {
    const scene = await make();
    const before = scene.harness.tenant.writes.length;
    await scene.look();
    const holdsBack = ["cancellation", "protections", "settings", "plan", "start"].includes(name);
    expect(scene.harness.tenant.writes.length > before).toBe(!holdsBack);
  });

  it.each(Object.keys(forgeries))("with %s is nobody's word", async (how) => {
    const others = [...samples].flatMap(([kind, row]) => (kind === name ? [] : [row]));
    const forged = (await forgeries[how]?.(await make(), others)) ?? [];
    for (const value of forged) {
      const scene = await make();
      const { harness } = scene;
      const [writes, told] = [harness.tenant.writes.length, harness.world.told.length];
      harness.editRow(scene.at, () => scene.row(value) as Record<string, unknown>);
      const said = await scene.look();
      const what = `${name}, ${how}: ${JSON.stringify(value).slice(0, 120)}`;
      expect(harness.tenant.writes.slice(writes), what).toEqual([]);
      expect(await heard(scene, told, said), what).toMatch(
        /altered|does not hold|cannot be read|not of its shape|none of ours/,
      );
      expect(harness.world.told.length, what).toBeGreaterThan(told);
    }
  });
});

describe("a row that we signed, and that somebody put elsewhere", () => {
  it.each(Object.entries(misplaced))("%s is nobody's word", async (_, make) => {
    const scene = await make();
    const [writes, told] = [scene.harness.tenant.writes.length, scene.harness.world.told.length];
    const said = await scene.look();
    expect(scene.harness.tenant.writes.slice(writes)).toEqual([]);
    expect(await heard(scene, told, said)).toMatch(scene.says);
    expect(scene.harness.world.told.length).toBeGreaterThan(told);
  });

  it.each(Object.entries(tenantWide))("%s of another tenant, by our own key, are nobody's word", async (_, make) => {
    const scene = await make();
    const { harness } = scene;
    const payload = scene.loosened.replaceAll(tenantId, guid(1));
    const row = { payload, signature: await harness.world.signer.sign(payload) };
    const [writes, told] = [harness.tenant.writes.length, harness.world.told.length];
    harness.editRow(scene.at, () => row);
    await scene.look();
    expect(harness.tenant.writes.slice(writes)).toEqual([]);
    expect(harness.world.told.length).toBeGreaterThan(told);
  });
});

describe("a frozen list of plans", () => {
  it.each(Object.keys(forgeries))("with %s is on nobody's desk, and the other lists still are", async (how) => {
    const harness = await Harness.start();
    const { safe, list, scene } = await twoLists(harness);
    const others = [...samples.values()];
    for (const value of (await forgeries[how]?.(scene, others)) ?? []) {
      harness.editRow(scene.at, () => value as Record<string, unknown>);
      expect((await listGroups(harness.tables)).map(({ id }) => id)).toEqual([safe]);
      await expect(findGroup(harness.tables, list)).rejects.toThrow(/there is no group/);
    }
  });
});

/** Two lists as we signed them, and the row of one. */
async function twoLists(harness: Harness) {
  const member = { identity: "i", planId: "p", stage: "contain", planHash: "h", playbook: "b", requests: ["PATCH /x"] };
  const [safe, list] = ["a", "b"];
  const draft = new Draft(await loadPartition(harness.tables.stores.identities, groupsKey(tenantId)));
  const rows = new Map<string, Signed>();
  for (const id of [safe, list]) {
    const payload = JSON.stringify({ tenantId, id, madeAt: "2026-03-02T10:00:00.000Z", members: [member] });
    rows.set(id, { payload, signature: await harness.world.signer.sign(payload) });
    draft.put(`group|${id}`, rows.get(id), harness.clock.now() + hour);
  }
  await draft.commit(harness.tables.stores.identities);
  const signed = rows.get(list) ?? { payload: "", signature: "" };
  const loosened = signed.payload.replace("PATCH", "DELETE");
  const scene: Scene = { harness, at: `group|${list}`, signed, row: (value) => value, loosened, look: async () => "" };
  return { safe, list, scene };
}
