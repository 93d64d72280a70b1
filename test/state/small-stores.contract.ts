/** What every alias, dead letter, dependency and named location store does. */
import { expect, test } from "vitest";
import { newTenant, type Opened } from "./contract-support.ts";

export function smallLaws(opened: () => Opened): void {
  test("an alias is known by each object id and keeps its first meaning", async () => {
    const tenantId = newTenant();
    const [appId, other, sp, app] = [newTenant(), newTenant(), newTenant(), newTenant()];
    const identity = { tenantId, appId, servicePrincipalId: sp, applicationObjectId: app };
    const [a, b] = [opened().open().aliases, opened().open().aliases];
    expect(await a.get(tenantId, sp)).toBeNull();
    await a.learn(identity);
    await b.learn({ ...identity, appId: other });
    for (const store of [a, b, opened().open().aliases]) {
      expect(await store.get(tenantId, sp)).toEqual(identity);
      expect(await store.get(tenantId, app)).toEqual(identity);
    }
    expect(await a.get(newTenant(), sp)).toBeNull();
  });

  test("one dead letter put twice is one, and they are listed newest first", async () => {
    const { deadLetters } = opened().open();
    const tenantId = newTenant();
    const letter = (id: string, at: string) => ({
      id,
      tenantId,
      reason: "not-json",
      detail: "The event is not JSON.",
      category: null,
      recordId: null,
      origin: { hub: "entra-risk", partition: "0", sequenceNumber: 1, index: 0 },
      sha256: null,
      sizeBytes: null,
      firstBytes: "\ud800 { \u0000",
      at,
    });
    await deadLetters.put(letter("b", "2026-01-01T00:00:00.000Z"));
    await deadLetters.put(letter("b", "2026-01-03T00:00:00.000Z"));
    await deadLetters.put(letter("a", "2026-01-02T00:00:00.000Z"));
    const listed = await deadLetters.list(tenantId, 10);
    expect(listed).toEqual([letter("a", "2026-01-02T00:00:00.000Z"), letter("b", "2026-01-01T00:00:00.000Z")]);
    expect(await deadLetters.list(tenantId, 1)).toHaveLength(1);
    const replay = { at: "2026-01-04T00:00:00.000Z", by: "alice", result: "ignored", detail: "of no use" } as const;
    const kept = await deadLetters.get(tenantId, "b");
    expect(kept).toEqual(letter("b", "2026-01-01T00:00:00.000Z"));
    await deadLetters.replace({ ...letter("b", "2026-01-01T00:00:00.000Z"), replay });
    await deadLetters.put(letter("b", "2026-01-05T00:00:00.000Z"));
    expect(await deadLetters.get(tenantId, "b")).toMatchObject({ at: "2026-01-01T00:00:00.000Z", replay });
    expect(await deadLetters.get(tenantId, "c")).toBeNull();
    expect(await deadLetters.get(newTenant(), "b")).toBeNull();
  });

  test("the dependency cache keeps the last two readings of each of many identities, and the summary", async () => {
    const { dependencies } = opened().open();
    const tenantId = newTenant();
    const reading = (readAt: number) => ({ readAt, lastUsedAt: null, appProxy: false, createdAt: 5 });
    const apps = Array.from({ length: 230 }, () => newTenant());
    for (const at of [1, 2, 3]) await dependencies.put(tenantId, new Map(apps.map((app) => [app, reading(at)])));
    await dependencies.put(tenantId, new Map([[apps[0] ?? "", reading(3)]]));
    for (const app of [apps[0], apps[100], apps[229]]) {
      expect(await dependencies.readings(tenantId, app ?? "")).toEqual([reading(3), reading(2)]);
    }
    expect(await dependencies.readings(tenantId, newTenant())).toEqual([]);
    expect(await dependencies.summary(tenantId)).toBeNull();
    await dependencies.putSummary(tenantId, { readAt: 1, enabledServicePrincipals: 40 });
    await dependencies.putSummary(tenantId, { readAt: 2, enabledServicePrincipals: 41 });
    expect(await dependencies.summary(tenantId)).toEqual({ readAt: 2, enabledServicePrincipals: 41 });
  });

  test("the last reading of the named locations is kept, however many ranges they have", async () => {
    const { namedLocations } = opened().open();
    const tenantId = newTenant();
    const ranges = Array.from({ length: 20_000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
    expect(await namedLocations.get(tenantId)).toBeNull();
    await namedLocations.put(tenantId, { readAt: 1, ranges: ["192.0.2.0/24"] });
    await namedLocations.put(tenantId, { readAt: 2, ranges });
    expect(await opened().open().namedLocations.get(tenantId)).toEqual({ readAt: 2, ranges });
    expect(await namedLocations.get(newTenant())).toBeNull();
  });
}
