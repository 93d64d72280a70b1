/** Bringing back what was retired: all of it by one word, or a part by its own undo. */
import { describe, expect, it } from "vitest";
import { victim } from "../../support/harness-cast.ts";
import { deleted, disabled, isEnabled, restore, rowOf } from "../../support/harness-retirement.ts";
import { day, hour } from "../../support/harness-world.ts";

describe("restored", () => {
  it("is whole again from the bin, by one operator, and never retired again by itself", async () => {
    const harness = await disabled();
    const before = harness.tenant.directory;
    await harness.run(31 * day);
    expect(rowOf(harness).state).toBe("deleted");
    const asked = await restore(harness);
    expect(asked.takes.map(({ action }) => action)).toContain("disable-service-principal");
    await harness.run(day);
    expect(rowOf(harness)).toMatchObject({ state: "restored" });
    expect(rowOf(harness).restoredAt).not.toBeNull();
    expect(isEnabled(harness)).toBe(true);
    const { applications, servicePrincipals, deletedItems } = harness.tenant.directory;
    expect(applications).toEqual(before.applications);
    expect(servicePrincipals.map(({ id }) => id).sort()).toEqual(before.servicePrincipals.map(({ id }) => id).sort());
    expect(deletedItems).toEqual([]);
    expect(harness.events("unused.restored")).toHaveLength(1);
    await expect(restore(harness)).rejects.toMatchObject({ code: "nothing-done" });
  });

  it("by the undo of the disable alone is restored, too", async () => {
    const harness = await disabled();
    await harness.undo();
    await harness.run(hour);
    expect(rowOf(harness).state).toBe("restored");
    await harness.run(40 * day);
    expect(harness.events("incident.closed")).toHaveLength(1);
  });

  it("by the undo of the deletion alone is left disabled, and restored by the rest", async () => {
    const harness = await deleted();
    await harness.undo();
    await harness.run(day);
    expect(rowOf(harness).state).toBe("back");
    expect(isEnabled(harness)).toBe(false);
    await restore(harness);
    await harness.run(day);
    expect(rowOf(harness).state).toBe("restored");
    expect(isEnabled(harness)).toBe(true);
  });

  it("is left to whoever takes it out of the bin", async () => {
    const harness = await deleted();
    harness.tenant.change((directory) => {
      const { "@odata.type": _, ...application } =
        directory.deletedItems.find(({ id }) => id === victim.applicationId) ?? {};
      directory.applications.push(application as (typeof directory.applications)[number]);
      directory.deletedItems = directory.deletedItems.filter(({ id }) => id !== victim.applicationId);
    });
    await harness.run(2 * day);
    expect(rowOf(harness).state).toBe("back");
  });
});
