/** Rules of CONTRIBUTING.md that no linter knows, and proof that the linter's own limits are switched on. */
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { expect, it } from "vitest";

const sources = globSync("{functions,shared,local,bench,test,tools}/**/*.ts").map((file) => file.split(sep).join("/"));
const self = "test/architecture/house-rules.test.ts";
const inside = /^shared\/(domain|ports|records|detections|playbooks|actions|guardrails|exemptions|engine)\//;

/** `file:line text` for every line of the files that matches. */
function linesWith(pattern: RegExp, files: readonly string[]): string[] {
  return files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .map((line, index) => `${file}:${index + 1} ${line.trim()}`)
      .filter((line) => pattern.test(line.slice(file.length))),
  );
}

it("sees the sources: a rule that reads no files passes, too", () => {
  expect(sources).toContain("shared/domain/policy.ts");
  expect(sources).toContain(self);
});

it("keeps every file within 250 lines", () => {
  const lengths = sources.map((file) => ({ file, lines: readFileSync(file, "utf8").trimEnd().split("\n").length }));
  expect(lengths.filter(({ lines }) => lines > 250)).toEqual([]);
});

it("begins every file of the app with a comment that says what it is for", () => {
  const files = sources.filter((file) => !file.startsWith("test/"));
  expect(files.filter((file) => !/^(#!.*\n)?\/(\/|\*)/.test(readFileSync(file, "utf8")))).toEqual([]);
});

it("mocks no module", () => {
  const others = sources.filter((file) => file !== self);
  expect(linesWith(/\bvi\.(do)?mock\(|\bvi\.hoisted\(|\bmock\.module\(/, others)).toEqual([]);
});

it("has no test awareness in the app", () => {
  const files = sources.filter((file) => /^(shared|functions)\//.test(file));
  expect(linesWith(/NODE_ENV|VITEST|isTest\b|import\.meta\.vitest/, files)).toEqual([]);
});

it("takes time and chance from ports on the inside", () => {
  const files = sources.filter((file) => inside.test(file));
  expect(linesWith(/\bDate\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|performance\.now\(/, files)).toEqual([]);
  expect(linesWith(/\bset(Timeout|Interval|Immediate)\(/, files)).toEqual([]);
});

it("suppresses no type error and no whole file of lint", () => {
  const others = sources.filter((file) => file !== self);
  expect(linesWith(/@ts-(ignore|nocheck|expect-error)|biome-ignore-all/, others)).toEqual([]);
});

it("names no path of anybody's machine in any tracked file", () => {
  const { stdout } = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" });
  const texts = /\.(ts|cjs|mjs|js|json|ya?ml|md|bicep|sh)$|(^|\/)\.?[a-z-]+$/;
  const files = [...new Set(stdout.split("\n"))].filter(
    (file) => texts.test(file) && file !== self && !/^local\/tenant\/openapi\//.test(file),
  );
  expect(files.length).toBeGreaterThan(30);
  const machinePath = /(?<![\w.$}/-])\/(work|home|Users|root|mnt)\/[\w.-]+\/|[A-Z]:\\Users\\/;
  expect(linesWith(machinePath, globSync(files))).toEqual([]);
});

const refused: readonly (readonly [what: string, text: string, rule: string])[] = [
  ["a long function", `export function f(): void {\n${"  g();\n".repeat(51)}}\n`, "noExcessiveLinesPerFunction"],
  ["a tangled function", tangled(6), "noExcessiveCognitiveComplexity"],
  ["a default export", "export default 1;\n", "noDefaultExport"],
  ["the environment", "export const x = process.env.X;\n", "noProcessEnv"],
  ["the console", 'console.log("x");\n', "noConsole"],
  ["any", "export const x: any = 1;\n", "noExplicitAny"],
  ["an asserted value", "export const x = [1][0]!;\n", "noNonNullAssertion"],
  ["an enum", "export enum E {\n  a = 1,\n}\n", "noEnum"],
];

it("has a linter that refuses in the app what CONTRIBUTING.md refuses", () => {
  const folder = mkdtempSync(join(tmpdir(), "house-rules-"));
  try {
    cpSync("biome.json", join(folder, "biome.json"));
    mkdirSync(join(folder, "shared/engine"), { recursive: true });
    for (const [what, text] of refused) writeFileSync(join(folder, `shared/engine/${kebab(what)}.ts`), text);
    const args = [resolve("node_modules/@biomejs/biome/bin/biome"), "lint", "--vcs-enabled=false", "--reporter=github"];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    const lines = `${stdout}${stderr}`.split("\n");
    const missed = refused.filter(
      ([what, , rule]) => !lines.some((line) => line.includes(`/${kebab(what)}.ts`) && line.includes(rule)),
    );
    expect(missed.map(([what]) => what)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function kebab(text: string): string {
  return text.replaceAll(" ", "-");
}

function tangled(depth: number): string {
  return `export function f(a: number): void {\n${"if (a) {\n".repeat(depth)}g();\n${"}\n".repeat(depth)}}\n`;
}
