/** A day of a responder at the command line, over HTTP: from an alert to evidence, and back. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { BuiltApplication } from "../../local/tenant/builders.ts";
import { type CommandLine, commandLineOf, type Person } from "../support/command-line.ts";
import {
  addVictim,
  isDisabled,
  leak,
  startWhole,
  sweep,
  sweepUntil,
  type Whole,
  wideRadius,
  writesTo,
} from "../support/system.ts";

const because = ["--reason", "The owner confirmed it"];
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let whole: Whole;
let victim: BuiltApplication;
let payroll: BuiltApplication;
let scanner: BuiltApplication;
let folder = "";
let tq: CommandLine["tq"];
let json: CommandLine["json"];
let asProcess: CommandLine["asProcess"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tq-test-"));
  const prepare = (twin: Whole["twin"]) => {
    victim = addVictim(twin, "Mailer\u001b[31m\nPLAN injected", 2);
    const usage = { createdDaysAgo: 900, lastUsedDaysAgo: 0, users: 3 };
    payroll = twin.addApplication({ displayName: "payroll", passwords: 1, ...usage });
    scanner = twin.addApplication({ displayName: "scanner", passwords: 1, ...usage });
  };
  whole = await startWhole({ prepare, policyPatch: wideRadius });
  ({ tq, json, asProcess } = await commandLineOf(whole.host.url));
  whole.broker.enqueue("entra-risk", "\u0000\u0001 no JSON", { partitionId: "0" });
  leak(whole.twin, victim);
  leak(whole.twin, payroll);
  // until Graph bears the risk out, the victim's containment waits for a person, too
  await sweepUntil(whole, "both plans wait for a person", async () => {
    const stands = [await standingOf(victim), await standingOf(payroll)];
    return stands[0]?.eradicate === "waiting" && stands[1]?.contain === "waiting";
  });
});

afterAll(async () => {
  await whole?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface ShownRun {
  readonly playbook: string;
  readonly stages: readonly { readonly stage: string; readonly status: string }[];
}

async function runsOf({ appId }: BuiltApplication): Promise<readonly ShownRun[]> {
  return (await json("rita", "runs", "list", "--identity", `appId:${appId}`)).items;
}

/** Of its containment, by stage; undefined: there is none yet. */
async function standingOf(app: BuiltApplication): Promise<Readonly<Record<string, string>> | undefined> {
  const run = (await runsOf(app)).find(({ playbook }) => playbook === "contain-compromised-identity");
  return run && Object.fromEntries(run.stages.map(({ stage, status }) => [stage, status]));
}

async function planOf({ appId }: BuiltApplication) {
  const { items } = await json("rita", "runs", "list", "--identity", `appId:${appId}`, "--status", "awaiting-approval");
  return items[0] as { readonly id: string; readonly hash: string; readonly incidentId: string };
}

it("lists incidents and plans, one line each, with the claimed name quoted, and shows each", async () => {
  const { code, out } = await asProcess("tools/tq.ts", "runs", "list");
  expect(code).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(out).not.toContain("\u001b");
  expect(lines.find((line) => line.includes(payroll.appId))).toContain("contain: awaiting-approval");
  expect(lines.find((line) => line.includes(victim.appId))).toContain("contain: done, eradicate: awaiting-approval");
  const { id, incidentId } = await planOf(payroll);
  const plan = await tq("rita", "runs", "show", id);
  expect(plan.out).toMatch(/depended-on: .*assigned-users/);
  expect(plan.out).toContain(`PATCH /v1.0/servicePrincipals/${payroll.id}`);
  const incident = await tq("rita", "incidents", "show", incidentId);
  expect(incident.out).toContain(`runs approve ${id} --stage contain`);
  expect(incident.out).toContain("The ledger is whole and unchanged.");
  const list = await tq("rita", "incidents", "list", "--status", "open");
  expect(list.out).toContain(incidentId);
  const identity = await tq("rita", "identities", "show", `appId:${payroll.appId}`);
  expect(identity).toMatchObject({ code: 0, out: expect.stringContaining("home-single-tenant") });
  expect((await tq("rita", "health")).out).toContain("Dead letters: 1");
});

it("refuses who may not, and what cannot be: says why, and changes nothing", async () => {
  const [waiting, half] = [await planOf(payroll), await planOf(victim)];
  const approve = (person: Person | "nobody", id: string, ...more: string[]) =>
    tq(person, "runs", "approve", id, "--yes", ...because, ...more);
  const refused = [
    await approve("nobody", waiting.id),
    await approve("rita", waiting.id),
    await tq("rita", "runs", "revert", half.id, ...because),
    await tq("alice", "runs", "approve", waiting.id, ...because),
    await tq("alice", "runs", "show", "nonsense"),
    await approve("alice", "x".repeat(22)),
    await approve("alice", half.id, "--stage", "contain"),
    await approve("alice", waiting.id, "--stage", "eradicate"),
    await approve("alice", waiting.id, "--hash", half.hash),
    await tq("dana", "runs", "revert", waiting.id, ...because),
    await tq("olga", "settings", "mode", "no-such-playbook", "observe", ...because),
  ];
  expect(refused.map(({ code }) => code)).toEqual([4, 4, 4, 2, 2, 1, 1, 1, 1, 1, 1]);
  const words = [
    /does not take the token: sign in anew/,
    /Tourniquet\.Approver/,
    /Tourniquet\.Operator/,
    /say --yes/,
    /22 letters/,
    /there is no plan/,
    /does not wait for a person: it is done/,
    /does not wait for a person: it is pending/,
    /is not \S+: what you saw is not what would run/,
    /has done nothing that could be taken back/,
    /no-such-playbook/,
  ];
  for (const [i, pattern] of words.entries()) expect(refused[i]?.err).toMatch(pattern);
  expect(writesTo(whole.twin, [payroll.id, payroll.applicationId])).toEqual([]);
});

it("a person asks, and cannot approve what they asked for; a dry run ends by itself and changes nothing", async () => {
  const untouched = () => expect(writesTo(whole.twin, [scanner.id, scanner.applicationId])).toEqual([]);
  const start = ["runs", "start", "revoke-tokens", "--identity", scanner.id, ...because, "--wait", "--json"];
  const dry = await tq("olga", ...start, "--dry-run");
  expect({ code: dry.code, err: dry.err }).toMatchObject({ code: 0 });
  expect(JSON.parse(dry.out)).toMatchObject({ mode: "observe", stages: [{ status: "done" }, { status: "done" }] });
  expect(dry.out).toContain('"would-apply"');
  expect(dry.out).not.toContain('"applied"');
  untouched();
  const asked = await json("dana", ...start.slice(0, -1));
  const own = await tq("dana", "runs", "approve", asked.id, "--yes", ...because);
  expect(own).toMatchObject({ code: 4, err: expect.stringContaining("asked for this plan and cannot approve it") });
  const off = await tq("olga", "runs", "cancel", asked.id, ...because);
  expect(off).toMatchObject({ code: 0, out: expect.stringContaining("called off by olga@contoso.example (") });
  untouched();
});

it("approves exactly what it showed, follows until it is done, and hands out evidence that holds", async () => {
  const { id, hash, incidentId } = await planOf(payroll);
  const words = ["runs", "approve", id, "--hash", hash, "--yes", "--wait", ...because];
  const approved = await tq("alice", ...words);
  expect(approved).toMatchObject({ code: 0, out: expect.stringMatching(/Stage contain: done, decided by alice@/) });
  expect(approved.err).toContain(`PATCH /v1.0/servicePrincipals/${payroll.id} {"accountEnabled":false}`);
  expect(isDisabled(whole.twin, payroll)).toBe(true);
  whole.twin.requestToken({ appId: payroll.appId, secret: payroll.secrets[0]?.secret ?? "" });
  await sweepUntil(whole, "it is verified", async () => {
    const { stages } = await json("rita", "runs", "show", id);
    return stages[0].verification?.state === "verified";
  });
  const [pack, page] = [join(folder, "pack.json"), join(folder, "page.html")];
  for (const file of [pack, page]) {
    expect(await tq("rita", "incidents", "evidence", incidentId, "--out", file)).toMatchObject({ code: 0 });
  }
  expect(await readFile(page, "utf8")).toMatch(/^<!doctype html>/i);
  expect(await asProcess("tools/verify-evidence.ts", pack)).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${pack} holds.`),
  });
});

it("reverts one plan and denies the rest, and dismisses the incident", async () => {
  const { id, incidentId } = await planOf(victim);
  const denied = await json("alice", "runs", "deny", id, ...because);
  expect(denied).toMatchObject({ planId: id, decision: "deny", by: expect.stringMatching(/^alice@.* \(/) });
  const dry = await tq("olga", "runs", "revert", id, "--step", "1", "--dry-run");
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining("step 1, disable-service-principal of ") });
  expect(dry.out).toContain("Nothing was signed: this was a dry run.");
  expect(isDisabled(whole.twin, victim)).toBe(true);
  const back = await tq("olga", "runs", "revert", id, ...because);
  expect(back).toMatchObject({ code: 0, out: expect.stringContaining("It will be taken back by plan ") });
  await sweepUntil(whole, "the identity is on again", () => !isDisabled(whole.twin, victim));
  await sweepUntil(whole, "the plan says so", async () => {
    return (await tq("rita", "runs", "show", id)).out.includes("reverted, olga@contoso.example (");
  });
  // the undo says what it took back before its stage has ended, and nothing is dismissed while something is written
  await sweepUntil(whole, "the undo has ended", async () => {
    const runs = await runsOf(victim);
    return runs.some(({ stages }) => stages.some(({ stage, status }) => stage === "undo" && status === "done"));
  });
  const dismissed = await tq("alice", "incidents", "dismiss", incidentId, ...because);
  expect(dismissed).toMatchObject({ code: 0, out: expect.stringContaining(`Incident ${incidentId} is closed`) });
  // that of the dry run is over by itself, sooner or later
  const { items } = await json("rita", "incidents", "list", "--status", "closed");
  expect(items.map(({ id }: { id: string }) => id)).toContain(incidentId);
  expect(whole.twin.violations).toEqual([]);
});

it("tightens and loosens what may be done, keeping what others set", async () => {
  const playbook = "contain-compromised-identity";
  const set = async (person: Person, ...args: string[]) => (await tq(person, ...args, ...because)).code;
  expect(await set("olga", "settings", "mode", playbook, "observe")).toBe(0);
  expect(await set("olga", "kill-switch", "on", "--hours", "1")).toBe(0);
  const { killSwitch, playbooks } = await json("rita", "settings", "show");
  expect(killSwitch).toMatchObject({ on: true, set: { by: expect.stringMatching(/^olga@/) } });
  expect(playbooks.find(({ id }: { id: string }) => id === playbook)).toMatchObject({ set: { mode: "observe" } });
  expect(await set("olga", "kill-switch", "off")).toBe(4);
  expect(await set("adam", "kill-switch", "off")).toBe(0);
  expect(await set("adam", "settings", "mode", playbook, "--clear")).toBe(0);
  expect((await tq("rita", "settings", "show")).out).toContain("Kill switch: off");
  expect(await set("olga", "protect", "add", payroll.id, "--how", "ask")).toBe(0);
  expect((await tq("rita", "protect", "list")).out).toContain(`${payroll.id}  ask  olga@contoso.example`);
  expect(await set("olga", "protect", "remove", payroll.id)).toBe(4);
  expect(await set("adam", "protect", "remove", payroll.id)).toBe(0);
  expect((await tq("rita", "groups", "list")).out).toContain("The blast radius holds nothing back.");
});

it("takes a dead letter again, and says what became of it", async () => {
  const [letter] = (await json("rita", "dead-letters", "list", "--replayed", "no")).items;
  expect((await tq("rita", "dead-letters", "show", letter.id)).out).toContain("It was never taken again.");
  const again = await tq("adam", "dead-letters", "replay", letter.id);
  expect(again).toMatchObject({ code: 1, out: expect.stringMatching(/by adam@contoso\.example \(.*: dead-letter, /) });
  await sweep(whole);
});
