/** `tq` as people start it: a process of its own, on the tables, with messages and exit codes they can act on. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BuiltApplication } from "../../local/tenant/builders.ts";
import type { Run } from "../../shared/engine/people/list-runs.ts";
import {
  addVictim,
  isDisabled,
  leak,
  runsOf,
  stageOf,
  startWhole,
  sweepUntil,
  type Whole,
  wideRadius,
  writesTo,
} from "../support/system.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const alice = ["--as", "alice@contoso.example", "--reason", "The owner confirmed it"];
const minutes = 60_000;
let whole: Whole;
let victim: BuiltApplication;
let payroll: BuiltApplication;

beforeAll(async () => {
  const prepare = (twin: Whole["twin"]) => {
    victim = addVictim(twin, "Mailer\u001b[31m\nPLAN injected", 2);
    payroll = twin.addApplication({
      displayName: "payroll",
      passwords: 1,
      createdDaysAgo: 900,
      lastUsedDaysAgo: 0,
      users: 3,
    });
  };
  whole = await startWhole({ prepare, policyPatch: wideRadius });
  leak(whole.twin, victim);
  leak(whole.twin, payroll);
  await sweepUntil(whole, "both plans wait for a person", async () => {
    const eradicate = await stageOf(whole, victim, "eradicate");
    const contain = await stageOf(whole, payroll, "contain");
    return eradicate?.status === "waiting" && contain?.status === "waiting";
  });
}, 2 * minutes);

afterAll(() => whole?.stop());

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function tq(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  return new Promise((resolve) => {
    const options = { cwd: project, env: { ...process.env, ...whole.env, ...env }, timeout: 30_000 };
    execFile(process.execPath, ["tools/tq.ts", ...args], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

async function planOf(identity: BuiltApplication): Promise<Run> {
  const run = (await runsOf(whole, identity)).find(({ playbook }) => playbook !== "undo");
  if (run === undefined) throw new Error(`no plan of ${identity.appId}`);
  return run;
}

it("lists plans and what they wait for, one line each, with the claimed name quoted", async () => {
  const { code, out } = await tq(["runs", "list"]);
  expect(code).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(out).not.toContain("\u001b");
  const payrollLine = lines.find((line) => line.includes(payroll.appId));
  expect(payrollLine).toContain("contain: awaiting-approval");
  expect(lines.find((line) => line.includes(victim.appId))).toContain("contain: done, eradicate: awaiting-approval");
});

it("shows why a plan waits and exactly what would be sent", async () => {
  const { planId } = await planOf(payroll);
  const { code, out } = await tq(["runs", "show", planId]);
  expect(code).toBe(0);
  expect(out).toMatch(/depended-on: .*assigned-users/);
  expect(out).toContain(`PATCH /v1.0/servicePrincipals/${payroll.id}`);
  expect(out).toContain("disable-service-principal: awaiting-approval");
});

it("tells what is wrong with the command, and ends with 2", async () => {
  const { planId } = await planOf(payroll);
  const wrong: readonly (readonly [args: readonly string[], message: string])[] = [
    [["runs", "approve", planId, "--stage", "contain", "--reason", "x"], "--as is missing"],
    [["runs", "approve", planId, "--stage", "contain", "--as", "alice"], "--reason is missing"],
    [["runs", "approve", planId, "--stage", "undo", ...alice], "there is no such stage"],
    [["runs", "approve"], "needs a plan id"],
    [["runs", "burn", planId], "there is no such command"],
  ];
  const answers = await Promise.all(wrong.map(([args]) => tq(args)));
  for (const [i, [, message]] of wrong.entries()) {
    expect(answers[i]?.err).toContain(message);
    expect(answers[i]).toMatchObject({ code: 2, out: "" });
  }
});

it("refuses what cannot be decided, says why, and ends with 1", async () => {
  const [done, waiting] = [await planOf(victim), await planOf(payroll)];
  const approve = (planId: string, stage: string, by = alice) =>
    tq(["runs", "approve", planId, "--stage", stage, ...by]);
  const refused = await Promise.all([
    approve("nonsense", "contain"),
    approve(done.planId, "contain"),
    approve(waiting.planId, "eradicate"),
    approve(waiting.planId, "contain", ["--as", "tourniquet", "--reason", "I asked for it"]),
    tq(["runs", "revert", waiting.planId, ...alice]),
  ]);
  expect(refused.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
  expect(refused[0].err).toContain("there is no plan nonsense; `runs list` shows those there are");
  expect(refused[1].err).toContain("does not wait for a person: it is done");
  expect(refused[2].err).toContain("does not wait for a person: it is pending");
  expect(refused[3].err).toContain("tourniquet asked for this plan and cannot approve it");
  expect(refused[4].err).toContain("has done nothing that could be taken back");
  expect(refused.every(({ err }) => !err.includes("    at "))).toBe(true);
  expect(writesTo(whole.twin, [payroll.id, payroll.applicationId])).toEqual([]);
});

it("says which setting is wrong when it is started without the app's", async () => {
  const settings = await Promise.all([
    tq(["runs", "list"], { State: "" }),
    tq(["runs", "list"], { TOURNIQUET_POLICY_FILE: "nowhere.yaml" }),
  ]);
  expect(settings.map(({ code }) => code)).toEqual([1, 1]);
  expect(settings[0].err).toContain("State");
  expect(settings[1].err).toContain("nowhere.yaml");
});

it(
  "approves, and only then the change is made; the word is signed with the name",
  async () => {
    const { planId } = await planOf(payroll);
    expect(isDisabled(whole.twin, payroll)).toBe(false);
    const { code, out } = await tq(["runs", "approve", planId, "--stage", "contain", ...alice]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("approved by alice@contoso.example") });
    await sweepUntil(whole, "payroll is off", () => isDisabled(whole.twin, payroll));
    const contain = await sweepUntil(whole, "the stage is done", async () => {
      const stage = await stageOf(whole, payroll, "contain");
      return stage?.status === "done" && stage;
    });
    expect(contain.decidedBy).toContain("alice@contoso.example");
  },
  2 * minutes,
);

it(
  "denies, and nothing of that stage is done",
  async () => {
    const { planId } = await planOf(victim);
    const { code, out } = await tq(["runs", "deny", planId, "--stage", "eradicate", ...alice, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ planId, decision: "deny", by: "alice@contoso.example" });
    const denied = await sweepUntil(whole, "the stage is cancelled", async () => {
      const stage = await stageOf(whole, victim, "eradicate");
      return stage?.status === "cancelled" && stage;
    });
    expect(denied.reasons.join()).toContain("alice@contoso.example denied it: The owner confirmed it");
    expect(whole.twin.state.application(victim.applicationId)?.passwordCredentials).toHaveLength(2);
  },
  2 * minutes,
);

it(
  "reverts: the identity is on again at Graph",
  async () => {
    const { planId } = await planOf(victim);
    expect(isDisabled(whole.twin, victim)).toBe(true);
    const dry = await tq(["runs", "revert", planId, "--step", "1", "--dry-run"]);
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining("step 1, disable-service-principal of ") });
    expect(dry.out).toContain("Nothing was signed: this was a dry run.");
    expect((await tq(["runs", "revert", planId, "--step", "one", "--dry-run"])).code).toBe(2);
    const { code, out } = await tq(["runs", "revert", planId, ...alice]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("will be taken back") });
    await sweepUntil(whole, "the identity is on again", () => !isDisabled(whole.twin, victim));
    await sweepUntil(whole, "the ledger says so", async () => {
      return (await stageOf(whole, victim, "contain"))?.steps[0]?.outcome?.status === "reverted";
    });
    expect((await tq(["runs", "show", planId])).out).toContain(
      "reverted, alice@contoso.example: The owner confirmed it",
    );
    expect(whole.twin.violations).toEqual([]);
  },
  2 * minutes,
);
