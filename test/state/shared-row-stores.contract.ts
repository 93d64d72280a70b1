/** What every store does whose one row many processes write: reservations, leases, freshness. */
import { expect, test } from "vitest";
import type { Reservation } from "../../shared/ports/stores.ts";
import { newTenant, type Opened } from "./contract-support.ts";

export function reservationLaws(opened: () => Opened): void {
  const wanted = (planId: string, at: number): Reservation => ({ planId, playbook: "contain", at, fresh: false });

  test("many calls of two processes at once never reserve more than fits, nor less", async () => {
    const { open, clock } = opened();
    const tenantId = newTenant();
    const stores = [open().reservations, open().reservations];
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        stores[i % 2]?.reserve(tenantId, wanted(`p${i}`, clock.now()), (held) => held.length < 7),
      ),
    );
    expect(answers.filter((answer) => answer?.reserved)).toHaveLength(7);
    const { held } = (await stores[0]?.reserve(tenantId, wanted("late", clock.now()), () => false)) ?? { held: [] };
    expect(new Set(held.map(({ planId }) => planId)).size).toBe(7);
  });

  test("a plan reserves once, gives back, and what another process gave back is free at once", async () => {
    const { open, clock } = opened();
    const tenantId = newTenant();
    const [a, b] = [open().reservations, open().reservations];
    const one = (held: readonly Reservation[]) => held.length < 1;
    expect((await a.reserve(tenantId, wanted("p1", clock.now()), one)).reserved).toBe(true);
    expect(await a.reserve(tenantId, wanted("p1", clock.now()), one)).toEqual({
      reserved: true,
      held: [wanted("p1", clock.now())],
    });
    expect((await a.reserve(tenantId, wanted("p2", clock.now()), one)).reserved).toBe(false);
    await b.release(tenantId, "p1");
    await b.release(tenantId, "unknown");
    expect(await a.reserve(tenantId, wanted("p2", clock.now()), one)).toEqual({
      reserved: true,
      held: [wanted("p2", clock.now())],
    });
  });

  test("a reservation counts for 24 hours", async () => {
    const { open, clock } = opened();
    const tenantId = newTenant();
    const { reservations } = open();
    await reservations.reserve(tenantId, wanted("old", clock.now() - 24 * 3_600_000 + 1_000), () => true);
    const before = await reservations.reserve(tenantId, wanted("x", clock.now()), () => false);
    expect(before.held.map(({ planId }) => planId)).toEqual(["old"]);
    await clock.advance(1_000);
    const after = await reservations.reserve(tenantId, wanted("x", clock.now()), (held) => held.length === 0);
    expect(after).toEqual({ reserved: true, held: [wanted("x", clock.now())] });
  });

  test("a rule that throws fails its own call only", async () => {
    const { open, clock } = opened();
    const tenantId = newTenant();
    const { reservations } = open();
    const [bad, good] = await Promise.allSettled([
      reservations.reserve(tenantId, wanted("bad", clock.now()), () => {
        throw new Error("rule");
      }),
      reservations.reserve(tenantId, wanted("good", clock.now()), () => true),
    ]);
    expect([bad.status, good.status]).toEqual(["rejected", "fulfilled"]);
  });
}

export function timerLaws(opened: () => Opened): void {
  test("a lease belongs to one owner until it expires or is released by its owner", async () => {
    const name = `timer-${newTenant()}`;
    const { leases } = opened().open();
    expect(await leases.acquire(name, "a", 0, 100)).toBe(true);
    expect(await leases.acquire(name, "b", 50, 150)).toBe(false);
    expect(await leases.acquire(name, "a", 60, 200)).toBe(true);
    await leases.release(name, "b");
    expect(await leases.acquire(name, "b", 199, 300)).toBe(false);
    expect(await leases.acquire(name, "b", 200, 300)).toBe(true);
    await leases.release(name, "b");
    await leases.release(name, "b");
    expect(await leases.acquire(name, "c", 201, 300)).toBe(true);
  });

  test("of many owners who want one lease at once exactly one gets it", async () => {
    const name = `timer-${newTenant()}`;
    const owners = Array.from({ length: 8 }, (_, i) => opened().open().leases.acquire(name, `owner${i}`, 0, 100));
    expect((await Promise.all(owners)).filter(Boolean)).toHaveLength(1);
  });

  test("freshness only moves forward, over all processes", async () => {
    const { open, clock } = opened();
    const tenantId = newTenant();
    const [a, b] = [open().freshness, open().freshness];
    expect(await a.all(tenantId)).toEqual(new Map());
    await a.seen(tenantId, new Map([["AuditLogs", 100]]));
    await b.seen(
      tenantId,
      new Map([
        ["AuditLogs", 50],
        ["RiskyServicePrincipals", 7],
      ]),
    );
    await a.seen(tenantId, new Map([["AuditLogs", 120]]));
    await clock.advance(30_000);
    await a.seen(tenantId, new Map([["AuditLogs", 110]]));
    const known = [...(await open().freshness.all(tenantId))].map(([category, { last }]) => [category, last] as const);
    expect(new Map(known)).toEqual(
      new Map([
        ["AuditLogs", 120],
        ["RiskyServicePrincipals", 7],
      ]),
    );
  });

  test("gaps are those of all processes together, by the day, and what one alone did not see is none", async () => {
    const { open, clock } = opened();
    const tenantId = newTenant();
    const [a, b] = [open().freshness, open().freshness];
    const minute = 60_000;
    const start = Date.parse("2026-03-02T01:00:00Z");
    // b alone sees the hour between
    await a.seen(tenantId, new Map([["AuditLogs", start]]));
    await a.seen(tenantId, new Map([["AuditLogs", start + 5_000]]));
    for (let passed = 10; passed <= 60; passed += 10) {
      await clock.advance(10 * minute);
      await b.seen(tenantId, new Map([["AuditLogs", start + passed * minute]]));
    }
    await a.seen(tenantId, new Map([["AuditLogs", start + 65 * minute]]));
    await clock.advance(30_000);
    await a.seen(tenantId, new Map([["AuditLogs", start + 26 * 60 * minute]]));
    await clock.advance(30_000);
    const known = (await open().freshness.all(tenantId)).get("AuditLogs");
    expect(known?.gaps["2026-03-02"]).toBe(10 * minute);
    expect(Math.round((known?.gaps["2026-03-03"] ?? 0) / (60 * minute))).toBe(25);
  });
}
