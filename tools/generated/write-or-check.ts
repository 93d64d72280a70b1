/** What every generator ends with: the file is written; with `--check`, a stale one is told and the exit code is 1. */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** `path` is from the top of the project; another file may be named on the command line. `script` mends a stale file. */
export function writeOrCheck(path: string, text: string, script: string): void {
  const { values, positionals } = parseArgs({ options: { check: { type: "boolean" } }, allowPositionals: true });
  const file = positionals[0] ?? fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (values.check !== true) {
    writeFileSync(file, text);
  } else if (textOf(file) !== text) {
    console.error(`${relative(process.cwd(), file)} is stale: run \`npm run ${script}\` and commit the file.`);
    process.exitCode = 1;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
