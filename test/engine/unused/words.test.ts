/** Words of people hold only as they were signed: whoever edits the tables has nothing retired by it. */
import { describe, expect, it } from "vitest";
import { unusedKey } from "../../../shared/domain/identity.ts";
import { wordOn } from "../../../shared/engine/unused/words/words.ts";
import type { Harness } from "../../support/harness.ts";
import { Harness as World } from "../../support/harness.ts";
import { tenantId, victim } from "../../support/harness-cast.ts";
import { deleted, owner, rowOf, say, stranger, told } from "../../support/harness-retirement.ts";
import { day, newWorld } from "../../support/harness-world.ts";

const asOwner = (id: string) => ({ by: `somebody (${id})`, asOwner: true });

function rowsOf({ world }: Harness) {
  const rows = world.data.identities.get(unusedKey(tenantId));
  if (rows === undefined) throw new Error("nobody said anything");
  return rows;
}

const standing = (harness: Harness) => wordOn(harness.tables, victim.appId);

describe("a word", () => {
  it("that is taken away, or of which an earlier one is put back, holds the identity and says so", async () => {
    const harness = new World(newWorld());
    await say(harness, "release");
    const earlier = rowsOf(harness).get(`word|${victim.appId}`);
    await harness.clock.advance(1_000);
    await say(harness, "keep");
    expect(await standing(harness)).toMatchObject({ standing: "in-force", held: null, keptBy: "ada" });
    if (earlier !== undefined) rowsOf(harness).set(`word|${victim.appId}`, earlier);
    expect((await standing(harness)).altered).toContain("an earlier one put back");
    expect((await standing(harness)).held).not.toBeNull();
    rowsOf(harness).delete(`word|${victim.appId}`);
    expect((await standing(harness)).held).not.toBeNull();
    await say(harness, "release");
    expect(await standing(harness)).toMatchObject({ altered: null, held: null, keptAt: null });
  });

  it("that nobody signed counts for nothing and holds", async () => {
    const harness = new World(newWorld());
    await say(harness, "hold", { until: "2026-06-01T00:00:00.000Z" });
    harness.editRow(`word|${victim.appId}`, (row) => ({
      ...row,
      payload: String(row.payload).replace('"hold"', '"release"'),
    }));
    expect(await standing(harness)).toMatchObject({ last: null, keptAt: null });
    expect((await standing(harness)).altered).not.toBeNull();
  });

  it("of a stranger takes neither an operator's hold nor an owner's keep away", async () => {
    const harness = await told();
    await say(harness, "keep", asOwner(owner));
    await harness.run();
    await harness.clock.advance(1_000);
    await say(harness, "keep", asOwner(stranger));
    await harness.run();
    const now = await standing(harness);
    expect(now).toMatchObject({ standing: "struck", keptBy: `somebody (${owner})`, held: null, unchecked: null });
    await say(harness, "hold", { until: "2026-12-01T00:00:00.000Z" });
    await harness.clock.advance(1_000);
    await say(harness, "keep", asOwner(stranger));
    await harness.run();
    expect((await standing(harness)).held?.by).toBe("ada");
  });

  it("that was altered pauses what is under way, and ends nothing", async () => {
    const harness = await told();
    await say(harness, "release");
    harness.editRow(`word|${victim.appId}`, (row) => ({ ...row, signature: "made up" }));
    await harness.run(16 * day);
    expect(harness.lines()).toEqual([]);
  });

  it("of an owner counts after the deletion, too, when they were the owner before", async () => {
    const harness = await deleted();
    await say(harness, "keep", asOwner(owner));
    await harness.run();
    expect((await standing(harness)).keptBy).toBe(`somebody (${owner})`);
    expect(rowOf(harness).state).toBe("deleted");
  });

  it("ends by its time: a hold that is over holds nobody", async () => {
    const harness = new World(newWorld());
    await say(harness, "hold", { until: "2026-03-05T00:00:00.000Z" });
    expect((await standing(harness)).held).not.toBeNull();
    await harness.clock.advance(4 * day);
    expect((await standing(harness)).held).toBeNull();
  });
});
