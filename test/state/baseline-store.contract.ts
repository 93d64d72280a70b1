/** What every store of baselines does. */
import { expect, test } from "vitest";
import { emptyBaseline } from "../../shared/domain/baseline.ts";
import { newTenant, type Opened } from "./contract-support.ts";

export function baselineLaws(opened: () => Opened): void {
  const of = (signInsSince: number) => ({ ...emptyBaseline, signInsSince });
  const later = Date.parse("2030-01-01T00:00:00Z");

  test("a baseline is read as it was written, by every process, and by no other key", async () => {
    const { open } = opened();
    const key = `${newTenant()}|actor:one`;
    const [a, b] = [open().baselines, open().baselines];
    expect(await a.get(key)).toBeNull();
    const full = {
      ...of(5),
      seen: { network: { "net:2001:db8:0::/48": [1, 2] as [number, number] } },
      forgotten: { key: 3 },
    };
    const etag = await a.put(key, full, null, later);
    expect(await b.get(key)).toEqual({ baseline: full, etag });
    expect(await b.get(`${newTenant()}|actor:one`)).toBeNull();
  });

  test("of two that write by the same version one wins, and the other is told", async () => {
    const { open } = opened();
    const key = `${newTenant()}|app`;
    const [a, b] = [open().baselines, open().baselines];
    expect(
      (await Promise.all([a.put(key, of(1), null, later), b.put(key, of(2), null, later)])).filter(Boolean),
    ).toHaveLength(1);
    const etag = (await a.get(key))?.etag ?? "";
    const next = await a.put(key, of(3), etag, later);
    expect(next).not.toBe(etag);
    expect(await b.put(key, of(4), etag, later)).toBeNull();
    expect((await b.get(key))?.baseline).toEqual(of(3));
    expect(await b.put(key, of(5), next, later)).not.toBeNull();
  });

  test("who has a baseline is told for one tenant", async () => {
    const { open } = opened();
    const [tenant, other] = [newTenant(), newTenant()];
    const { baselines } = open();
    for (const key of [`${tenant}|b`, `${tenant}|actor:a`, `${other}|b`]) await baselines.put(key, of(1), null, later);
    const keys: string[] = [];
    for await (const key of open().baselines.keys(tenant)) keys.push(key);
    expect(keys.toSorted()).toEqual([`${tenant}|actor:a`, `${tenant}|b`]);
  });
}
