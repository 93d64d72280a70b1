/** The catalog: complete, fresh, the same every time; and a stale one is told, with what to do. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { actions, detections, guardrails, playbooks } from "../../shared/engine/registry.ts";
import { table } from "../../tools/catalog/markdown.ts";
import { catalogText } from "../../tools/catalog/text.ts";

const folder = mkdtempSync(join(tmpdir(), "catalog-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: readonly string[]): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["tools/catalog.ts", ...args], (error, _stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stderr });
    });
  });
}

test("the committed catalog is the one the registries make", () => {
  expect(readFileSync("docs/catalog.md", "utf8")).toBe(catalogText());
});

test("it names every unit and every kind of identity", () => {
  const text = catalogText();
  const units = [
    ...actions.keys(),
    ...detections.keys(),
    ...guardrails.keys(),
    ...playbooks.keys(),
    ...IdentityKind.options,
  ];
  for (const id of units) expect(text).toContain(id);
});

test("it gives the app role id of every Graph permission that ordinary identities take, as one grants it by id", () => {
  const text = catalogText();
  const onOrdinary = [...actions.values()].filter((action) => action.appliesTo("home-single-tenant"));
  const permissions = onOrdinary.flatMap((action) => action.permissions("home-single-tenant"));
  for (const name of permissions.filter((permission) => !permission.includes("/"))) {
    expect(text).toMatch(new RegExp(`\\| \`${name.replaceAll(".", "\\.")}\` \\| \`[0-9a-f-]{36}\` \\|`));
  }
});

test("it holds no path of this machine", () => {
  expect(catalogText()).not.toContain(process.cwd());
});

test("text cannot end the cell it stands in", () => {
  expect(table(["a"], [["one | two\nthree"]])).toBe("| a |\n| --- |\n| one \\| two three |");
});

describe("on the command line", () => {
  test("what it writes, it then finds fresh", async () => {
    const file = join(folder, "fresh.md");
    expect(await run(file)).toEqual({ code: 0, stderr: "" });
    expect(await run("--check", file)).toEqual({ code: 0, stderr: "" });
    expect(readFileSync(file, "utf8")).toBe(catalogText());
  });

  test.each([
    ["stale", "# Catalog\n"],
    ["missing", null],
  ])("a %s file fails the check, which says what to run and writes nothing", async (name, text) => {
    const file = join(folder, `${name}.md`);
    if (text !== null) writeFileSync(file, text);
    const { code, stderr } = await run("--check", file);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`${name}\\.md is stale: run \`npm run catalog\` and commit the file`));
    if (text !== null) expect(readFileSync(file, "utf8")).toBe(text);
  });
});
