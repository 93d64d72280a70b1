/** Whoever mistypes a command reads what is wrong and how that command is written, not everything there is. */
import { execFile } from "node:child_process";
import { expect, test } from "vitest";
import { noSuchGroup, usage, wrongUse } from "../../tools/tq/usage.ts";

test("a wrong command is answered with its own lines alone", () => {
  const { message, code } = wrongUse("--stage is missing", "runs approve");
  expect(code).toBe("usage");
  expect(message.split("\n")).toEqual([
    "--stage is missing",
    "  runs approve PLAN --stage STAGE --as NAME --reason TEXT",
    "`npm run tq -- --help` says everything",
  ]);
});

test("a command that does not exist is answered with those of its group", () => {
  const { message } = wrongUse("groups aprove: there is no such command", "groups");
  for (const command of ["groups list", "groups show", "groups approve"]) expect(message).toContain(command);
  expect(message).not.toContain("runs");
  expect(noSuchGroup("run").message).toContain("there are runs, groups, kill-switch, protect, playbooks");
});

function tq(...args: readonly string[]): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["tools/tq.ts", ...args], { env: {} }, (error, _stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stderr });
    });
  });
}

test("a mistyped option, and one without its value, are one line and the exit code of wrong use", async () => {
  const [unknown, empty] = await Promise.all([tq("runs", "list", "--reson", "x"), tq("runs", "approve", "--stage")]);
  expect(unknown).toEqual({ code: 2, stderr: expect.stringMatching(/^Unknown option '--reson'; .*--help.*\n$/) });
  expect(empty).toEqual({ code: 2, stderr: expect.stringMatching(/^Option '--stage.*--help.*\n$/) });
});

test("a plan id that begins with a dash is an id and no option", async () => {
  const { stderr } = await tq("runs", "show", `-${"a".repeat(21)}`);
  expect(stderr).toContain("The configuration cannot be used");
});

test("every group of commands is explained", () => {
  for (const group of ["runs", "groups", "kill-switch", "protect", "playbooks"])
    expect(usage).toContain(`\n  ${group}`);
});
