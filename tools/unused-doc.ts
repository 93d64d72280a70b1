/** Writes the tables of docs/unused.md from the rules; with `--check`, fails when the file is not what it would write. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeOrCheck } from "./generated/write-or-check.ts";
import { withTables } from "./unused-doc/text.ts";

const page = readFileSync(fileURLToPath(new URL("../docs/unused.md", import.meta.url)), "utf8");
writeOrCheck("docs/unused.md", withTables(page), "unused-doc");
