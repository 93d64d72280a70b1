/** `tq unused …` against the app's own handlers: what people read, what a spreadsheet gets, and the exit codes that scripts go by. */
import { PassThrough } from "node:stream";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Caller } from "../../shared/domain/caller.ts";
import { readScanState } from "../../shared/engine/unused/scan/scan-state.ts";
import { run } from "../../tools/tq/run.ts";
import { apiOn, apiServices } from "../support/api.ts";
import { type ApiServer, serveApi } from "../support/api-server.ts";
import { iso, startAt, tenantId } from "../support/harness-cast.ts";
import { day, newWorld, type Process, startProcess } from "../support/harness-world.ts";
import { callerWith } from "../support/principal.ts";
import { judged, keepRetirement, keepScan, refOf, retirement, secondScan } from "../support/unused.ts";

const reader = callerWith(["Tourniquet.Reader"], 1);
const operator = callerWith(["Tourniquet.Operator"], 2);
const admin = callerWith(["Tourniquet.Admin"], 3);
const owner = callerWith([], 4);
const formula = `=HYPERLINK("http://evil.example","click")\u001b[31m\n`;
const id = `appId:${refOf(1).appId}`;

let api: ApiServer;
let services: Process["services"];

beforeAll(async () => {
  api = await serveApi(apiOn(apiServices(startProcess(newWorld()).services)), reader);
});
afterAll(() => api.stop());
beforeEach(async () => {
  ({ services } = startProcess(newWorld()));
  Object.assign(api, { call: apiOn(apiServices(services)), asked: [] });
  const many = Array.from({ length: 7 }, (_, n) =>
    judged(n, n === 1 ? { claimedName: formula, privileges: ["a", "b"] } : {}),
  );
  await keepScan(services, many);
  await keepRetirement(services, refOf(1), retirement());
});

async function tq(as: Caller, ...args: readonly string[]) {
  return watched(as, undefined, ...args);
}

async function watched(as: Caller, screen: NodeJS.WriteStream | undefined, ...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  api.as = as;
  const code = await run(["unused", ...args], {
    environment: { TOURNIQUET_URL: api.url, TOURNIQUET_TOKEN: "t" },
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    ask: null,
    ...(screen === undefined ? {} : { screen }),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

it("lists the most privileged first in a table, with names last, quoted and without control characters", async () => {
  const { code, out } = await tq(reader, "list", "--limit", "2");
  const lines = out.split("\n");
  expect(code).toBe(0);
  expect(lines[0]).toMatch(/^ID +USE +RETIREMENT +LAST USED +NEXT +PRIVILEGES +SAID +NAMED$/);
  expect(lines[1]).toMatch(
    /^11111111-0000-4000-8000-000000000001 +unused +told +2025-11-21 +2026-03-14 disabled +2 +- +"=HYPER.*\?\[31m\?"$/,
  );
  expect(out).toContain("As of the scan of 2026-03-01 09:45:00 UTC.");
  expect(out).toMatch(/the same command with --cursor \S+$/);
  expect(out).not.toContain("\u001b");
});

it("writes all pages as one CSV, in which no name is a formula", async () => {
  const { code, out } = await tq(reader, "list", "--csv");
  expect(code).toBe(0);
  const rows: Record<string, string>[] = parse(out, { columns: true, record_delimiter: "\r\n" });
  expect(rows).toHaveLength(7);
  expect(rows[0]).toMatchObject({
    appId: refOf(1).appId,
    use: "unused",
    privileges: "a; b",
    retirement: "told",
    owners: "cccccccc-0000-4000-8000-000000000001",
    readAt: iso(startAt - day),
  });
  expect(rows[0]?.claimedName?.startsWith(`'=HYPERLINK("http`)).toBe(true);
  const filtered = await tq(reader, "list", "--csv", "--state", "told");
  expect(parse(filtered.out, { record_delimiter: "\r\n" })).toHaveLength(2);
});

it("shows one with its reasons, its standing, its owners and what people said", async () => {
  await tq(operator, "hold", id, "--until", "2026-12-31", "--reason", "audit");
  const { code, out } = await tq(reader, "show", id);
  expect(code).toBe(0);
  for (const text of [
    "Use: unused (scan of 2026-03-01 09:45:00 UTC)",
    "unused-for-long: nobody used it for 101 days",
    "Retirement: told since 2026-02-28 09:45:00 UTC",
    "next: it is disabled, not before 2026-03-14 09:45:00 UTC",
    "owners as Graph named them 2026-02-28 09:45:00 UTC: cccccccc-0000-4000-8000-000000000001",
    "Said: hold until 2026-12-31 00:00:00 UTC; by ",
  ])
    expect(out).toContain(text);
  expect(JSON.parse((await tq(reader, "show", id, "--json")).out)).toMatchObject({ use: "unused" });
});

it("says what became of a word, and ends with the codes of the other commands", async () => {
  expect(await tq(owner, "keep", id, "--reason", "mine")).toMatchObject({
    code: 0,
    out: expect.stringContaining("Graph is asked"),
  });
  expect(await tq(operator, "keep", id, "--reason", "ours")).toMatchObject({
    code: 0,
    out: expect.stringContaining("is kept"),
  });
  expect(await tq(reader, "list")).toMatchObject({ out: expect.stringContaining(" keep ") });
  expect(await tq(operator, "hold", id, "--until", "2020-01-01", "--reason", "x")).toMatchObject({ code: 2 });
  expect(await tq(operator, "release", id, "--reason", "x")).toMatchObject({ code: 4 });
  expect(await tq(admin, "release", id, "--reason", "x")).toMatchObject({
    code: 0,
    out: expect.stringContaining("judges it anew"),
  });
  expect(await tq(admin, "release", id, "--reason", "x")).toMatchObject({ code: 1 });
  expect(await tq(reader, "show", `appId:${refOf(70).appId}`)).toMatchObject({ code: 1 });
  expect(await tq(operator, "restore", id, "--dry-run")).toMatchObject({
    code: 1,
    err: expect.stringContaining("nothing"),
  });
});

it("asks for a scan, and where somebody waits follows it to its end", async () => {
  const asked = await tq(operator, "scan");
  expect(asked).toMatchObject({ code: 0, out: expect.stringContaining("begins within a minute") });
  const waits = tq(operator, "scan", "--wait");
  await expect.poll(() => api.asked.filter(({ method }) => method === "POST").length).toBe(2);
  await keepScan(services, [judged(1)], { scanId: secondScan, startedAt: startAt });
  const done = await waits;
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining(`Scan ${secondScan}: done`) });
});

it("moves a bar on a terminal alone, beside the answer, and says that a scan failed", async () => {
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80 }) as unknown as NodeJS.WriteStream;
  const drawn: string[] = [];
  screen.on("data", (part: Buffer) => drawn.push(part.toString("utf8")));
  const waits = watched(operator, screen, "scan", "--wait");
  await expect.poll(async () => (await readScanState(services))?.state.requestedAt).not.toBeNull();
  const stored = await readScanState(services);
  const failed = { scanId: secondScan, startedAt: startAt, endedAt: startAt + 1, why: "Graph said no" };
  const next = { ...stored?.state, requestedAt: null, failed };
  await services.stores.scans.put(tenantId, next, stored?.etag ?? null);
  expect(await waits).toMatchObject({ code: 1, out: expect.stringContaining("It failed: Graph said no"), err: "" });
  expect(drawn.join("")).toContain("pages");
});
