/** The boundaries of the house hold, the check that says so saw every file, and each of its rules can still say no. */
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, cruise, cruisedFolders, json } from "./cruise.ts";
import { allowedImports, forbiddenImports } from "./forbidden-imports.ts";

const topFolders = ["functions", "shared", "local", "bench", "test", "tools"];

function sourceFiles(): string[] {
  return globSync(`{${topFolders.join(",")}}/**/*.ts`).map((file) => file.split(sep).join("/"));
}

describe("the project", () => {
  let answer: Answer;
  beforeAll(() => {
    answer = cruise(".", cruisedFolders());
  });

  it("keeps every boundary", () => {
    const broken = answer.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`);
    expect(broken).toEqual([]);
  });

  it("was cruised as a whole: a check that sees no files passes, too", () => {
    const seen = new Set(answer.modules.map(({ source }) => source));
    expect(cruisedFolders().sort()).toEqual([...topFolders].sort());
    expect(sourceFiles().filter((file) => !seen.has(file))).toEqual([]);
    expect(sourceFiles().length).toBeGreaterThan(30);
  });
});

describe("each rule", () => {
  const folder = mkdtempSync(join(tmpdir(), "boundaries-"));
  let answer: Answer;

  beforeAll(() => {
    buildFixture(folder);
    answer = cruise(folder, topFolders);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has a file here that breaks it", () => {
    const config = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as { forbidden: { name: string }[] };
    const tried = new Set([...forbiddenImports.map(([rule]) => rule), "no-orphans"]);
    expect(config.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  it.each(forbiddenImports)("%s refuses %s → %s", (rule, file) => {
    const broken = answer.summary.violations.filter(({ from }) => from === file);
    expect(broken.map((violation) => violation.rule.name)).toContain(rule);
  });

  it("is silent about every import that DESIGN allows", () => {
    const files = new Set<string>(allowedImports.map(([file]) => file));
    expect(answer.summary.violations.filter(({ from }) => files.has(from))).toEqual([]);
  });

  it("lets an adapter know a type of a package that another one loads", () => {
    const reasons = answer.summary.violations.filter(({ from }) => from === "shared/state/type-only.ts");
    expect(reasons).toEqual([]);
  });

  it("is told of a file that nothing imports and that imports nothing", () => {
    const orphans = answer.summary.violations.filter(({ rule }) => rule.name === "no-orphans").map(({ from }) => from);
    expect(orphans).toEqual(["shared/domain/alone.ts"]);
  });
});

/** A small project with the same folders and packages of the same names, in which every rule is broken. */
function buildFixture(folder: string): void {
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const manifest = json("package.json") as { dependencies: object; devDependencies: object };
  write("package.json", JSON.stringify(manifest));
  cpSync("tsconfig.json", join(folder, "tsconfig.json"));
  for (const name of [...Object.keys(manifest.dependencies), "ajv"]) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", exports: "./index.js" }));
    write(`node_modules/${name}/index.js`, "module.exports = {};");
  }
  const imports = [...forbiddenImports.map(([, file, target]) => [file, target] as const), ...allowedImports];
  for (const [file, target] of imports) {
    write(file, `import * as target from "${target}";\nexport const used = target;\n`);
    if (target.endsWith("/target.ts")) write(join(dirname(file), target), "export const here = 1;\n");
  }
  write("shared/domain/ring-b.ts", `import * as target from "./ring-a.ts";\nexport const used = target;\n`);
  write("shared/domain/alone.ts", "export const here = 1;\n");
  write(
    "shared/state/type-only.ts",
    `import type { TokenCredential } from "@azure/identity";\nexport type T = TokenCredential;\n`,
  );
}
