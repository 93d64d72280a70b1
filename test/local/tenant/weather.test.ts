/** Quotas, faults, replication lag and outages. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { TwinOptions } from "../../../local/tenant/options.ts";
import { type Asker, startAsker } from "./ask.ts";

let t: Asker;
afterEach(async () => {
  await t.twin.stop();
});

/** A twin whose clock stands still until told. */
async function startAt(options: TwinOptions): Promise<{ forward(ms: number): void }> {
  let now = Date.parse("2026-08-20T10:00:00Z");
  t = await startAsker({ now: () => now, ...options });
  return {
    forward(ms) {
      now += ms;
    },
  };
}

test("identity protection lets one request a second through and sends no Retry-After", async () => {
  const clock = await startAt({});
  const read = () => t.ask("GET", "/v1.0/identityProtection/riskyServicePrincipals");
  expect((await read()).status).toBe(200);
  const refused = await read();
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBeNull();
  clock.forward(1000);
  expect((await read()).status).toBe(200);
});

test("reports allow five requests in ten seconds and say when to come back", async () => {
  const clock = await startAt({});
  const read = () => t.ask("GET", "/v1.0/auditLogs/directoryAudits");
  for (let n = 0; n < 5; n += 1) expect((await read()).status).toBe(200);
  const refused = await read();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "2"]);
  expect(refused.headers.get("x-ms-throttle-scope")).toContain(t.twin.tenantId);
  clock.forward(2000);
  expect((await read()).status).toBe(200);
  expect(t.twin.requests.count({ lane: "reports", status: 429 })).toBe(1);
});

test("a bucket that starts empty fills at the documented rate: 20 writes a second", async () => {
  const clock = await startAt({ quotas: { writes: "empty" } });
  const app = t.twin.addApplication();
  const write = (on: boolean) => t.ask("PATCH", `/v1.0/servicePrincipals/${app.id}`, { accountEnabled: on });
  const refused = await write(false);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("x-ms-throttle-information")).toBe("WriteLimitExceeded");
  expect(t.twin.state.servicePrincipal(app.id)?.accountEnabled).toBe(true);
  clock.forward(100);
  expect([(await write(false)).status, (await write(true)).status, (await write(false)).status]).toEqual([
    204, 204, 429,
  ]);
});

test("keyCredentials reads have a bucket of their own: 150 a minute", async () => {
  await startAt({});
  const app = t.twin.addApplication({ keys: 1 });
  const url = `/applications/${app.applicationId}?$select=keyCredentials`;
  const requests = Array.from({ length: 20 }, (_, n) => ({ id: `${n}`, method: "GET", url }));
  const statuses: number[] = [];
  for (let n = 0; n < 8; n += 1) {
    const answer = await t.ask("POST", "/v1.0/$batch", { requests });
    statuses.push(...answer.body.responses.map((part: { status: number }) => part.status));
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(150);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  expect((await t.ask("GET", `/v1.0/applications/${app.applicationId}`)).status).toBe(200);
});

test("a throttled request in a batch carries its own retry-after", async () => {
  await startAt({ quotas: { writes: "empty" } });
  const app = t.twin.addApplication();
  const headers = { "Content-Type": "application/json" };
  const body = { accountEnabled: false };
  const answer = await t.ask("POST", "/v1.0/$batch", {
    requests: [{ id: "1", method: "PATCH", url: `/servicePrincipals/${app.id}`, headers, body }],
  });
  expect(answer.status).toBe(200);
  expect(answer.body.responses[0]).toMatchObject({ status: 429, headers: { "Retry-After": "1" } });
});

test("answers tell resource units as the rules count them", async () => {
  await startAt({});
  const units = async (path: string) => (await t.ask("GET", path)).headers.get("x-ms-resource-unit");
  expect(await units("/v1.0/applications")).toBe("2");
  expect(await units("/v1.0/applications?$select=id")).toBe("1");
  expect(await units("/v1.0/servicePrincipals?$select=id&$top=5")).toBe("1");
});

test("reads lag behind writes; what was just created is 404, and a second removal is still possible to ask for", async () => {
  const clock = await startAt({ replicationLagMs: 5000 });
  const app = t.twin.addApplication();
  const path = `/v1.0/servicePrincipals/${app.id}`;
  expect((await t.ask("PATCH", path, { accountEnabled: false })).status).toBe(204);
  expect((await t.ask("GET", path)).body.accountEnabled).toBe(true);
  expect(t.twin.state.servicePrincipal(app.id)?.accountEnabled).toBe(false);
  const added = await t.ask("POST", `/v1.0/applications/${app.applicationId}/addPassword`, { passwordCredential: {} });
  const removal = () =>
    t.ask("POST", `/v1.0/applications/${app.applicationId}/removePassword`, { keyId: added.body.keyId });
  expect((await removal()).status).toBe(400);
  clock.forward(5000);
  expect((await t.ask("GET", path)).body.accountEnabled).toBe(false);
  expect((await removal()).status).toBe(204);
});

test("an identity made just now is 404 until replicas know it, though it can sign in", async () => {
  const clock = await startAt({ replicationLagMs: 30_000 });
  const app = t.twin.addApplication({ fresh: true, passwords: 1 });
  const read = async () => (await t.ask("GET", `/v1.0/servicePrincipals/${app.id}`)).status;
  expect(await read()).toBe(404);
  expect(t.twin.requestToken({ appId: app.appId, secret: app.secrets[0]?.secret ?? "" }).ok).toBe(true);
  clock.forward(30_000);
  expect(await read()).toBe(200);
});

test("a 204 that changes nothing looks like any other and leaves no audit record", async () => {
  await startAt({});
  const app = t.twin.addApplication();
  t.twin.faults.add({ match: { method: "PATCH", path: /servicePrincipals/ }, times: 1, effect: { noEffect: true } });
  const off = () => t.ask("PATCH", `/v1.0/servicePrincipals/${app.id}`, { accountEnabled: false });
  expect((await off()).status).toBe(204);
  expect(t.twin.state.servicePrincipal(app.id)?.accountEnabled).toBe(true);
  expect(t.records).toEqual([]);
  expect((await off()).status).toBe(204);
  expect(t.twin.state.servicePrincipal(app.id)?.accountEnabled).toBe(false);
  expect(t.twin.state.writes.map((write) => write.effective)).toEqual([false, true]);
});

test("a lost answer is a cut connection after the change was made", async () => {
  await startAt({});
  const app = t.twin.addApplication();
  const path = `/v1.0/servicePrincipals/${app.id}`;
  t.twin.faults.add({ match: { method: "PATCH" }, times: 1, effect: { applyThenDrop: true } });
  await expect(t.ask("PATCH", path, { accountEnabled: false })).rejects.toThrow();
  expect(t.twin.state.servicePrincipal(app.id)?.accountEnabled).toBe(false);
  t.twin.faults.add({ match: { method: "PATCH" }, times: 1, effect: { dropConnection: true } });
  await expect(t.ask("PATCH", path, { accountEnabled: true })).rejects.toThrow();
  expect(t.twin.state.servicePrincipal(app.id)?.accountEnabled).toBe(false);
  expect(t.twin.state.writes.map((write) => [write.status, write.effective])).toEqual([
    [0, true],
    [0, false],
  ]);
});

test("scripted errors strike as often as told, after as many as told, inside of batches too", async () => {
  await startAt({});
  const conflict = { status: 409, code: "Directory_ConcurrencyViolation" };
  t.twin.faults.add({ match: { path: /^\/v1\.0\/organization/ }, skip: 1, times: 1, effect: conflict });
  const url = "/organization";
  const get = { method: "GET", url };
  const first = await t.ask("POST", "/v1.0/$batch", { requests: [{ id: "1", ...get }] });
  const second = await t.ask("POST", "/v1.0/$batch", { requests: [{ id: "1", ...get }] });
  expect(first.body.responses[0].status).toBe(200);
  expect(second.body.responses[0].body.error.code).toBe("Directory_ConcurrencyViolation");
  expect((await t.ask("GET", `/v1.0${url}`)).status).toBe(200);
});

test("storms and outages pass", async () => {
  const clock = await startAt({});
  t.twin.faults.storm(5000, 3);
  const stormy = await t.ask("GET", "/v1.0/organization");
  expect([stormy.status, stormy.headers.get("retry-after")]).toEqual([429, "3"]);
  t.twin.faults.unavailable(5000);
  expect((await t.ask("GET", "/v1.0/organization")).status).toBe(503);
  clock.forward(5000);
  expect((await t.ask("GET", "/v1.0/organization")).status).toBe(200);
  for (const kind of ["reset", "refused"] as const) {
    await t.twin.outage(150, kind);
    await expect(t.ask("GET", "/v1.0/organization")).rejects.toThrow();
    await sleep(250);
    expect((await t.ask("GET", "/v1.0/organization")).status).toBe(200);
  }
});

test("random faults repeat with the seed", async () => {
  const statuses = async (): Promise<number[]> => {
    await startAt({ seed: "dice" });
    t.twin.faults.random(0.5, [{ status: 503 }, { status: 504 }]);
    const seen: number[] = [];
    for (let n = 0; n < 12; n += 1) seen.push((await t.ask("GET", "/v1.0/organization")).status);
    return seen;
  };
  const first = await statuses();
  await t.twin.stop();
  expect(await statuses()).toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 503, 504]));
});
