/** Builds dist/main.mjs from functions/main.ts. */
import { existsSync } from "node:fs";
import { bundle } from "./bundle.ts";

const entry = "functions/main.ts";
const outfile = "dist/main.mjs";

if (existsSync(entry)) {
  const startedAt = performance.now();
  const kilobytes = Math.round((await bundle(entry, outfile)) / 1024);
  console.log(`${outfile}: ${kilobytes} KB in ${Math.round(performance.now() - startedAt)} ms`);
} else {
  console.error(`${entry} does not exist: there is nothing to bundle. Run this from the project's root.`);
  process.exitCode = 1;
}
