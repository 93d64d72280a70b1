import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOptions } from "../../../tools/replay/options.ts";
import { history, lines } from "./history.ts";

const policy = "policy.yaml";
/** Nothing of the environment is needed. */
const { NODE_COMPILE_CACHE } = process.env;
const env = { NODE_COMPILE_CACHE };
let folder = "";
let file = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "replay-"));
  file = join(folder, "records.json");
  await writeFile(file, lines(history()));
});

afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], input = ""): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ["tools/replay.ts", ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

describe("the command line", () => {
  it.each([
    [[], "No file is named"],
    [["x", "--mode", "kill"], "--mode kill: it is one of observe, approve, enforce"],
    [["x", "--from", "yesterday"], "--from yesterday: a time is written as"],
    [["x", "--from", "2026-02-31T25:00"], "a time is written as"],
    [["x", "--from", "2026-02-30"], "--from 2026-02-30: a time is written as"],
    [["x", "--from", "2026-03-02", "--to", "2026-03-02"], "is not before"],
    [["x", "--service-principals", "many"], "--service-principals many: it is a number"],
    [["x", "--polcy", "y"], "Unknown option '--polcy'"],
  ])("says what is wrong with %j, and how it is written", (args, said) => {
    expect(() => readOptions(args, policy)).toThrow(said);
    expect(() => readOptions(args, policy)).toThrow("Usage: npm run replay");
  });

  it("takes times without a zone as UTC, and enforce for the mode", () => {
    const asked = readOptions(["x", "x", "--from", "2026-03-02T09:00", "--to", "2026-03-03"], policy);
    expect(asked).toMatchObject({
      files: ["x"],
      options: { mode: "enforce", from: Date.UTC(2026, 2, 2, 9), to: Date.UTC(2026, 2, 3) },
    });
  });

  it("gives the same JSON for a file and for standard input, and nothing else", async () => {
    const [named, piped] = await Promise.all([run([file, "--json"]), run(["-", "--json"], lines(history()))]);
    expect(named.stderr).toBe("");
    expect(JSON.parse(named.stdout)).toEqual(JSON.parse(piped.stdout));
  });

  it("ends with 2 for a file that is not there, before it reads the others, and with 0 for help", async () => {
    const [missing, help] = await Promise.all([run([file, join(folder, "none")]), run(["--help"])]);
    expect(missing).toMatchObject({ code: 2, stdout: "" });
    expect(missing.stderr).toContain("there is no such file");
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining("Usage: npm run replay") });
  });

  it("ends with 2 for a directory, and for a policy that cannot be used", async () => {
    const [directory, unusable] = await Promise.all([run([folder]), run([file, "--policy", file])]);
    expect(directory).toMatchObject({ code: 2, stderr: expect.stringContaining("is a directory") });
    expect(unusable).toMatchObject({ code: 2, stderr: expect.stringContaining("The policy has") });
  });
});
