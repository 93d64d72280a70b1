/** What every store of changed objects does. */
import { expect, test } from "vitest";
import { newTenant, type Opened } from "./contract-support.ts";

const day = 24 * 3_600_000;

export function changeLaws(opened: () => Opened): void {
  const change = (id: string, at: number, activity = "update user") => ({ id, type: "User", activity, at });

  test("changes of one actor come together, each object with its last activity, over all processes", async () => {
    const { open, clock } = opened();
    const [tenantId, at] = [newTenant(), clock.now()];
    const [a, b] = [open().changes, open().changes];
    expect(await a.of(tenantId, "actor")).toEqual({ objects: [], forgottenUntil: null });
    await a.add(tenantId, "actor", [change("x", at - 5), change("y", at - 4)]);
    await Promise.all([
      b.add(tenantId, "actor", [change("x", at - 1, "delete user")]),
      a.add(tenantId, "actor", [change("z", at - 2)]),
    ]);
    await a.add(tenantId, "actor", [change("x", at - 5)]);
    expect((await b.of(tenantId, "actor")).objects).toEqual([
      change("x", at - 1, "delete user"),
      change("z", at - 2),
      change("y", at - 4),
    ]);
    expect((await a.of(tenantId, "another")).objects).toEqual([]);
    expect((await a.of(newTenant(), "actor")).objects).toEqual([]);
  });

  test("of too many the oldest go, and it is said until when they are missing", async () => {
    const { open, clock } = opened();
    const [tenantId, at] = [newTenant(), clock.now()];
    const { changes } = open();
    const many = Array.from({ length: 260 }, (_, i) => change(`object-${i}`, at - 1_000 + i));
    await changes.add(tenantId, "busy", many.slice(130));
    await changes.add(tenantId, "busy", many.slice(0, 130));
    const { objects, forgottenUntil } = await changes.of(tenantId, "busy");
    expect(objects.map(({ id }) => id)).toEqual(
      many
        .slice(60)
        .reverse()
        .map(({ id }) => id),
    );
    expect(forgottenUntil).toBe(at - 1_000 + 59);
  });

  test("a change is forgotten after 30 days", async () => {
    const { open, clock } = opened();
    const [tenantId, at] = [newTenant(), clock.now()];
    const { changes } = open();
    await changes.add(tenantId, "actor", [change("old", at - 30 * day), change("kept", at - 30 * day + 1_000)]);
    expect((await changes.of(tenantId, "actor")).objects.map(({ id }) => id)).toEqual(["kept"]);
    await clock.advance(1_000);
    expect((await changes.of(tenantId, "actor")).objects).toEqual([]);
  });
}
