/** Every template through the compiler. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Compiler } from "./compiler.ts";

/** The lines to mend; none is good. Throws where the folder has no template, since nothing checked is not nothing found. */
export function compileAll(compiler: Compiler, folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.bicep(param)?$/.test(path))
    .map((path) => join(folder, path));
  if (files.length === 0) throw new Error(`${folder} has no Bicep file: run this from the project's root`);
  return files.flatMap((file) => findingsOf(compiler, file));
}

function findingsOf(compiler: Compiler, file: string): readonly string[] {
  const { printed, ok } = compiler.build(file);
  // file(line,column) : Warning rule: text. What else the Azure CLI warns of, a newer version say, is no finding.
  const findings = printed.split("\n").filter((line) => /\) : (Warning|Error|Info) /.test(line));
  return ok || findings.length > 0 ? findings : [`${file}: ${printed.trim() || "the compiler failed without a word"}`];
}
