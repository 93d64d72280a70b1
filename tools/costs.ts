/** Writes what it costs into docs/deploy.md, from prices and assumptions in tools/costs/; with `--check`, fails when the page is not what it would write. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withCosts } from "./costs/text.ts";
import { writeOrCheck } from "./generated/write-or-check.ts";

const page = "docs/deploy.md";
const text = readFileSync(fileURLToPath(new URL(`../${page}`, import.meta.url)), "utf8");
writeOrCheck(page, withCosts(text), "costs");
