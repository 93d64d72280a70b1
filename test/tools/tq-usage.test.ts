/** Whoever mistypes a command reads what is wrong and how that command is written, not everything there is. */
import { expect, test } from "vitest";
import { run } from "../../tools/tq/run.ts";
import { noSuchGroup, usage, wrongUse } from "../../tools/tq/usage.ts";

test("a wrong command is answered with its own lines alone", () => {
  const { message, code } = wrongUse("--reason is missing", "runs deny");
  expect(code).toBe("usage");
  expect(message.split("\n")).toEqual([
    "--reason is missing",
    "  runs deny PLAN --reason TEXT [--stage STAGE] [--hash HASH]",
    "                                                 one denial ends the plan",
    "`npm run tq -- --help` says everything",
  ]);
});

test("a command that does not exist is answered with those of its group", () => {
  const { message } = wrongUse("groups aprove: there is no such command", "groups");
  for (const command of ["groups list", "groups show", "groups approve"]) expect(message).toContain(command);
  expect(message).not.toContain("runs");
  expect(noSuchGroup("run").message).toContain("there are runs, requests, incidents, identities, groups, settings");
});

async function tq(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const err: string[] = [];
  const code = await run(args, { environment, out: () => {}, err: (text) => err.push(text), ask: null });
  return { code, stderr: err.join("\n") };
}

const nowhere = { TOURNIQUET_URL: "http://127.0.0.1:9", TOURNIQUET_TOKEN: "none" };
const plan = `-${"a".repeat(21)}`;

test("every mistake is told in the words of its command and ends with 2, before anything is asked", async () => {
  const wrong: readonly (readonly [args: readonly string[], message: string])[] = [
    [["runs", "list", "--reson", "x"], "Unknown option '--reson'"],
    [["runs", "approve", "--stage"], "Option '--stage"],
    [["runs"], "runs: which command?"],
    [["runs", "burn", plan], "runs burn: there is no such command"],
    [["toString"], "toString: there is no such command"],
    [["runs", "approve", "--reason", "x"], "runs approve needs a plan id"],
    [["runs", "show", plan, "and", "another"], "nothing else, not and another"],
    [["runs", "approve", plan], "--reason is missing"],
    [["runs", "approve", plan, "--reason", "x", "--stage", "undo"], "there is no such stage"],
    [["runs", "start", "revoke-tokens", "--reason", "x"], "--identity is missing"],
    [["runs", "start", "revoke-tokens", "--identity", plan, "--reason", "x", "--parameters", "[1]"], "no JSON object"],
    [["runs", "revert", plan, "--dry-run", "--step", "0"], "--step 0"],
    [["incidents", "evidence", plan, "--out", "pack.pdf"], "ending in .json or .html"],
    [["settings", "mode", "contain", "--reason", "x"], "say one mode"],
    [["settings", "mode", "contain", "observe", "--clear", "--reason", "x"], "say one mode"],
    [["kill-switch", "on", "--reason", "x"], "--hours is missing"],
    [["protect", "add", plan, "--reason", "x"], "--how is missing"],
    [["unused", "hold", plan, "--reason", "x"], "--until is missing"],
    [["unused", "hold", plan, "--reason", "x", "--until", "tomorrow"], "--until is missing"],
    [["unused", "keep", plan], "--reason is missing"],
    [["unused", "list", "--csv", "--json"], "two answers"],
    [["unused", "scan", "now"], "takes nothing after it"],
  ];
  const answers = await Promise.all(wrong.map(([args]) => tq(args, nowhere)));
  for (const [i, [args, message]] of wrong.entries()) {
    expect(answers[i], args.join(" ")).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(answers[i]?.stderr).toContain("--help");
  }
});

test("says what to set when it knows neither where nor who, and sends no token in the open", async () => {
  const [where, who, open] = await Promise.all([
    tq(["runs", "list"]),
    tq(["runs", "list"], { TOURNIQUET_URL: "http://127.0.0.1:9" }),
    tq(["runs", "list", "--url", "http://app.contoso.example"], nowhere),
  ]);
  expect(where).toEqual({ code: 2, stderr: expect.stringMatching(/--url or TOURNIQUET_URL must say/) });
  expect(who).toEqual({ code: 4, stderr: expect.stringMatching(/TOURNIQUET_API_SCOPE.*az login.*TOURNIQUET_TOKEN/) });
  expect(open.code).toBe(2);
});

test("a plan id that begins with a dash is an id and no option; what cannot be reached ends with 3", async () => {
  const [shown, listed] = await Promise.all([
    tq(["runs", "show", "--", plan], nowhere),
    tq(["runs", "list", "--incident", plan], nowhere),
  ]);
  for (const { code, stderr } of [shown, listed]) {
    expect(stderr).toContain("http://127.0.0.1:9 cannot be reached");
    expect(code).toBe(3);
  }
}, 60_000);

test("every group of commands is explained", () => {
  for (const group of ["runs", "requests", "incidents", "identities", "groups", "settings", "kill-switch", "protect"])
    expect(usage).toContain(`\n  ${group} `);
  for (const group of ["unused", "dead-letters", "playbooks", "health"]) expect(usage).toContain(`\n  ${group} `);
});
