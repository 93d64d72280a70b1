import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Azurite, startAzurite } from "../../local/azurite.ts";
import { emptyBaseline } from "../../shared/domain/baseline.ts";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { Draft, loadPartition } from "../../shared/engine/rows/partition.ts";
import { createTableStores } from "../../shared/state/create-stores.ts";
import { ensureTables, type PipelinePolicy, tableClients } from "../../shared/state/table-clients.ts";
import { connectionStringFor } from "../support/azurite.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { type LossyProxy, startLossyProxy } from "../support/lossy-proxy.ts";
import { storesContract } from "./stores.contract.ts";

const clock = new FakeClock();
const later = Date.parse("2030-01-01T00:00:00Z");
let azurite: Azurite;
let proxy: LossyProxy;

beforeAll(async () => {
  azurite = await startAzurite();
  proxy = await startLossyProxy(azurite.port);
  await ensureTables({ connectionString: azurite.connectionString });
});

afterAll(async () => {
  await proxy.stop();
  await azurite.stop();
});

function open(policies: readonly PipelinePolicy[] = []) {
  return createTableStores({ connectionString: azurite.connectionString }, clock, policies);
}

function openThroughProxy() {
  return createTableStores({ connectionString: connectionStringFor(proxy.port) }, clock);
}

function counter() {
  const urls: string[] = [];
  const policy: PipelinePolicy = {
    name: "count",
    sendRequest(request, next) {
      urls.push(`${request.method} ${request.url}`);
      return next(request);
    },
  };
  return { urls, policy };
}

storesContract("stores on Table Storage", () => ({ open: () => open(), clock, storageNow: Date.now }));

describe("a reply of Table Storage that gets lost", () => {
  test("our own commit is recognised, with etags that work", async () => {
    const { identities } = openThroughProxy();
    const key = "lost|create";
    proxy.loseAnswerTo("$batch");
    const first = await identities.commit(key, [{ op: "create", key: "lock", value: 1, expiresAt: later }]);
    if (!first.ok) throw new Error("refused");
    const etag = first.etags.get("lock") ?? "";
    proxy.loseAnswerTo("$batch");
    const second = await identities.commit(key, [
      { op: "replace", key: "lock", value: 2, expiresAt: later, etag },
      { op: "create", key: "other", value: 2, expiresAt: later },
    ]);
    if (!second.ok) throw new Error("refused");
    const rows = await identities.load(key);
    expect(Object.fromEntries(second.etags)).toEqual({ lock: rows.get("lock")?.etag, other: rows.get("other")?.etag });
  });

  test("an entry of the ledger whose answer is lost is there once, and the next goes behind it", async () => {
    const { identities } = openThroughProxy();
    const key = "tenant|ledger-lost";
    const deed = { chain: "i-1", at: "2026-01-02T03:04:05.678Z", event: "x", by: "tourniquet", message: "x", data: {} };
    const draft = new Draft(await loadPartition(identities, key)).record(deed);
    proxy.loseAnswerTo("$batch");
    expect(await draft.commit(identities)).toBe(true);
    const others = await Promise.all(
      Array.from({ length: 4 }, async () => new Draft(await loadPartition(identities, key)).record(deed)),
    );
    proxy.loseAnswerTo("$batch");
    expect(await Promise.all(others.map((one) => one.commit(identities)))).toEqual([true, true, true, true]);
    expect((await identities.entries(key, "i-1")).map(({ value }) => (value as { seq: number }).seq)).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  test("a damaged entry hides no other", async () => {
    const { identities } = open();
    const key = "tenant|damaged";
    const entry = (n: number) => ({ op: "create" as const, key: `ledger|i-1|0000000${n}`, value: n, expiresAt: later });
    await identities.commit(key, [entry(1), entry(2), entry(3)]);
    const tables = tableClients({ connectionString: azurite.connectionString });
    await tables("identities").updateEntity({ partitionKey: key, rowKey: "ledger|i-1|00000002", v: "{" }, "Merge");
    expect((await identities.entries(key, "i-1")).map(({ value }) => value)).toEqual([1, null, 3]);
  });

  test("somebody else's commit is not taken for ours", async () => {
    const key = "lost|other";
    await open().identities.commit(key, [{ op: "create", key: "lock", value: "theirs", expiresAt: later }]);
    proxy.loseAnswerTo("$batch");
    const result = await openThroughProxy().identities.commit(key, [
      { op: "create", key: "lock", value: "theirs", expiresAt: later },
    ]);
    expect(result).toEqual({ ok: false, reason: "conflict" });
  });

  test("a baseline that was written is known to be, and somebody else's is not", async () => {
    const { baselines } = openThroughProxy();
    proxy.loseAnswerTo("baselines", "POST");
    const etag = await baselines.put("lost|baseline", emptyBaseline, null, later);
    expect((await open().baselines.get("lost|baseline"))?.etag).toBe(etag);
    await open().baselines.put("lost|other", emptyBaseline, null, later);
    proxy.loseAnswerTo("baselines", "POST");
    expect(await baselines.put("lost|other", emptyBaseline, null, later)).toBeNull();
  });

  test("a reservation is made once and a lease is ours", async () => {
    const stores = openThroughProxy();
    const wanted = { planId: "p", playbook: "contain", at: clock.now(), fresh: true };
    proxy.loseAnswerTo("reservations", "POST");
    expect(await stores.reservations.reserve("lost", wanted, (held) => held.length === 0)).toEqual({
      reserved: true,
      held: [wanted],
    });
    proxy.loseAnswerTo("leases", "POST");
    expect(await stores.leases.acquire("lost", "me", 0, 100)).toBe(true);
  });
});

describe("what the stores cost", () => {
  test("a load, a commit and an alias are one request each, and none when it is learned again, at once or later", async () => {
    const { urls, policy } = counter();
    const stores = open([policy]);
    const identity = { tenantId: "cost", appId: "a", servicePrincipalId: "s", applicationObjectId: null };
    await stores.identities.load("cost|a");
    expect(urls.splice(0)).toHaveLength(1);
    await stores.identities.commit("cost|a", [{ op: "create", key: "a", value: 1, expiresAt: later }]);
    expect(urls.splice(0)).toHaveLength(1);
    await Promise.all([stores.aliases.learn(identity), stores.aliases.learn(identity)]);
    expect(urls.splice(0)).toHaveLength(1);
    await stores.aliases.learn(identity);
    await stores.aliases.get("cost", "s");
    expect(urls.splice(0)).toHaveLength(0);
  });

  test("fifty reservations at once are written together, the next one is a single request", async () => {
    const { urls, policy } = counter();
    const { reservations } = open([policy]);
    const wanted = (planId: string) => ({ planId, playbook: "contain", at: clock.now(), fresh: false });
    const calls = Array.from({ length: 50 }, (_, i) => reservations.reserve("together", wanted(`p${i}`), () => true));
    expect((await Promise.all(calls)).every(({ reserved }) => reserved)).toBe(true);
    expect(urls.splice(0).length).toBeLessThanOrEqual(4);
    await reservations.reserve("together", wanted("last"), () => true);
    expect(urls.splice(0)).toHaveLength(1);
  });

  test("freshness within half a minute is written once", async () => {
    const { urls, policy } = counter();
    const { freshness } = open([policy]);
    await freshness.seen("cost", new Map([["AuditLogs", 1]]));
    const first = urls.splice(0).length;
    for (let at = 2; at < 50; at += 1) await freshness.seen("cost", new Map([["AuditLogs", at]]));
    expect(urls).toHaveLength(0);
    await freshness.seen("cost", new Map([["RiskyServicePrincipals", 1]]));
    expect(urls.length).toBeLessThanOrEqual(first);
    expect((await open().freshness.all("cost")).get("AuditLogs")?.last).toBe(49);
  });
});

describe("when storage says no", () => {
  test("a value or a key that no row can hold is the data's fault", async () => {
    const { identities } = open();
    const noise = Array.from({ length: 700_000 }, () => Math.random().toString(36).slice(2, 5)).join("");
    for (const change of [
      { op: "create", key: "a", value: noise, expiresAt: later },
      { op: "create", key: "k".repeat(600), value: 1, expiresAt: later },
      { op: "create", key: "u", value: undefined, expiresAt: later },
    ] as const) {
      await expect(identities.commit("no|data", [change])).rejects.toThrow(TerminalError);
    }
  });

  test("a storage that cannot be reached may be there later", async () => {
    const unreachable = createTableStores({ connectionString: connectionStringFor(1) }, clock);
    await expect(unreachable.identities.load("no|one")).rejects.toThrow(RetryableError);
    await expect(unreachable.namedLocations.get("no")).rejects.toMatchObject({ code: "storage-unreachable" });
  });

  test("an outage is survived: nothing is half done, and afterwards the same commit works", async () => {
    const { identities } = open();
    const change = { op: "create", key: "a", value: 1, expiresAt: later } as const;
    azurite.cut();
    await expect(identities.commit("no|outage", [change])).rejects.toThrow(RetryableError);
    azurite.restore();
    expect((await identities.commit("no|outage", [change])).ok).toBe(true);
  });

  test.each([
    [403, "AuthorizationFailure", RetryableError],
    [429, "TooManyRequests", RetryableError],
    [500, "InternalError", RetryableError],
    [404, "TableNotFound", RetryableError],
    [400, "PropertyValueTooLarge", TerminalError],
    [413, "RequestBodyTooLarge", TerminalError],
  ])("status %d %s is told apart", async (status, code, kind) => {
    const body = JSON.stringify({ "odata.error": { code, message: { lang: "en-US", value: code } } });
    const server = createServer((_, answer) => {
      answer.writeHead(status, { "content-type": "application/json", "x-ms-error-code": code }).end(body);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const stores = createTableStores({ connectionString: connectionStringFor(port) }, clock);
    const change = { op: "create", key: "a", value: 1, expiresAt: later } as const;
    await expect(stores.identities.commit("no|status", [change])).rejects.toThrow(kind);
    await expect(stores.leases.acquire("x", "y", 0, 1)).rejects.toThrow(kind);
    server.closeAllConnections();
    server.close();
  });

  test("a row that somebody damaged is named", async () => {
    const client = tableClients({ connectionString: azurite.connectionString })("identities");
    await client.createEntity({ partitionKey: "damaged|app", rowKey: "plan", v: "{" });
    await expect(open().identities.load("damaged|app")).rejects.toThrow("damaged|app / plan");
    const listed: unknown[] = [];
    for await (const { identity, row } of open().identities.list("plan")) {
      if (identity === "damaged|app") listed.push(row);
    }
    expect(listed).toMatchObject([{ key: "plan", value: null }]);
    const letters = tableClients({ connectionString: azurite.connectionString })("deadletters");
    await letters.createEntity({ partitionKey: "damaged", rowKey: "letter", v: "{" });
    expect(await open().deadLetters.list("damaged", 10)).toEqual([]);
    expect(await open().deadLetters.get("damaged", "letter")).toBeNull();
    const baselines = tableClients({ connectionString: azurite.connectionString })("baselines");
    await baselines.createEntity({ partitionKey: "damaged|app", rowKey: "baseline", v: '{"seen":[]}' });
    await expect(open().baselines.get("damaged|app")).rejects.toThrow(/damaged\|app.*delete its row/);
  });
});

describe("expired rows of the other tables", () => {
  test("aliases, dead letters, readings, baselines and forgotten due rows go in the same purge", async () => {
    const stores = open();
    await stores.due.put({ id: "old", tenantId: "purge", wakeAt: 1, message: 1, attempts: 0 });
    await stores.due.put({ id: "new", tenantId: "purge", wakeAt: clock.now(), message: 1, attempts: 0 });
    await stores.baselines.put("purge|app", emptyBaseline, null, clock.now() - 1);
    await stores.identities.purgeExpired(clock.now(), 10_000);
    expect(await stores.baselines.get("purge|app")).toBeNull();
    expect((await stores.due.all("purge")).map(({ id }) => id)).toEqual(["new"]);
  });
});
