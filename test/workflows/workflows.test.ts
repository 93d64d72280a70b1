/** The workflows are held to what they promise: no secret, no more rights than a step needs, only commands that are there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly "timeout-minutes"?: number; readonly steps: readonly Step[] }>>;
}

const folder = ".github/workflows";
const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
const texts = new Map(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const workflows = [...texts].map(([name, text]) => ({ name, text, workflow: parse(text) as Workflow }));
const scripts = (JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> }).scripts;

function stepsOf({ jobs }: Workflow): readonly Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

it("sees them all", () => {
  expect(files.toSorted()).toEqual(["ci.yml", "deploy.yml", "release.yml"]);
});

it("uses no stored secret: what signs in does it by OpenID Connect", () => {
  for (const { name, text } of workflows) expect(text, name).not.toMatch(/\bsecrets\./);
  const deploy = texts.get("deploy.yml") ?? "";
  expect(parse(deploy)).toMatchObject({ permissions: { contents: "read", "id-token": "write" } });
});

it("gives a workflow nothing but reading, unless a job says what for", () => {
  for (const { name, workflow } of workflows) {
    const granted = Object.entries(workflow.permissions ?? { none: "write" });
    const more = granted.filter(
      ([scope, right]) => right !== "read" && !(name === "deploy.yml" && scope === "id-token"),
    );
    expect(more, name).toEqual([]);
  }
});

it("ends every job in time, and leaves no token behind in a checkout", () => {
  for (const { name, workflow } of workflows) {
    for (const [job, { "timeout-minutes": minutes }] of Object.entries(workflow.jobs)) {
      expect(minutes, `${name} ${job}`).toBeGreaterThan(0);
    }
    const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.length, name).toBeGreaterThan(0);
    for (const { with: options } of checkouts) expect(options, name).toMatchObject({ "persist-credentials": false });
  }
});

it("runs only commands that the project has", () => {
  const runs = workflows.flatMap(({ workflow }) => stepsOf(workflow).flatMap(({ run = "" }) => run));
  const named = runs.flatMap((run) => [...run.matchAll(/npm run (?:-s )?([\w-]+)/g)].map(([, name = ""]) => name));
  expect(named.length).toBeGreaterThan(0);
  for (const name of named) expect(Object.keys(scripts), name).toContain(name);
  const paths = runs.flatMap((run) => [...run.matchAll(/bash (\S+)/g)].map(([, path = ""]) => path));
  for (const path of paths) expect(existsSync(path), path).toBe(true);
});

it("lets no text of whoever opens a request into a shell", () => {
  for (const { name, workflow } of workflows) {
    for (const { run = "" } of stepsOf(workflow)) expect(run, name).not.toMatch(/\$\{\{/);
  }
});
