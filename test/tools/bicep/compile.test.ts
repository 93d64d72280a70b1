/** What a compiler says of the templates is what the check says; a compiler of this machine is not needed for that. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { compileAll } from "../../../tools/bicep/compile.ts";
import type { Compiler } from "../../../tools/bicep/compiler.ts";

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

async function folderWith(...names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tourniquet-bicep-"));
  made.push(folder);
  await mkdir(join(folder, "modules"));
  for (const name of names) await writeFile(join(folder, name), "");
  return folder;
}

const saying = (printed: string, ok: boolean): Compiler => ({ build: () => ({ printed, ok }) });

it("compiles every template and every file of parameters", async () => {
  const folder = await folderWith("main.bicep", "main.bicepparam", "modules/a.bicep", "notes.md");
  const seen: string[] = [];
  const compiler: Compiler = {
    build(file) {
      seen.push(file.slice(folder.length + 1));
      return { printed: "", ok: true };
    },
  };
  expect(compileAll(compiler, folder)).toEqual([]);
  expect(seen.toSorted()).toEqual(["main.bicep", "main.bicepparam", join("modules", "a.bicep")]);
});

it("takes a warning for a failure, and a newer version of the compiler for none", async () => {
  const folder = await folderWith("main.bicep");
  const warning = `${folder}/main.bicep(3,7) : Warning no-unused-params: Parameter "x" is declared but never used.`;
  expect(compileAll(saying(`${warning}\nWARNING: A new Bicep release is available: v1.0.0`, true), folder)).toEqual([
    warning,
  ]);
  expect(compileAll(saying("WARNING: A new Bicep release is available: v1.0.0", true), folder)).toEqual([]);
});

it("tells of a failure even where the compiler says nothing that it knows", async () => {
  const folder = await folderWith("main.bicep");
  expect(compileAll(saying("out of memory", false), folder)).toEqual([`${join(folder, "main.bicep")}: out of memory`]);
});

it("fails where there is nothing to compile", async () => {
  const folder = await folderWith("notes.md");
  expect(() => compileAll(saying("", true), folder)).toThrow(/no Bicep file/);
});
