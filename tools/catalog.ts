/** Writes docs/catalog.md from the registries; with `--check`, fails when the file is not what it would write. */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { catalogText } from "./catalog/text.ts";

const { values, positionals } = parseArgs({ options: { check: { type: "boolean" } }, allowPositionals: true });
const file = positionals[0] ?? fileURLToPath(new URL("../docs/catalog.md", import.meta.url));

if (values.check !== true) {
  writeFileSync(file, catalogText());
} else if (currentText() !== catalogText()) {
  const name = relative(process.cwd(), file);
  console.error(`${name} is stale: run \`npm run catalog\` and commit the file.`);
  process.exitCode = 1;
}

function currentText(): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
