/** Runs the benchmarks and prints their ratios. Exits non-zero only when one could not be measured: see docs/benchmarks.md. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchmarks } from "./benchmarks.ts";
import type { BenchResult } from "./result.ts";
import { tableOf } from "./table.ts";

const help = `Measures what DESIGN calls budgets; docs/benchmarks.md says how.

  npm run bench                      all of them, as a table
  npm run bench -- --only NAME       one of: ${Object.keys(benchmarks).join(", ")}
  npm run bench -- --json            one JSON object a line, as each is measured
`;

process.exitCode = await main(process.argv.slice(2));
// Connections of the SDKs to parts that are gone would be retried for a while.
process.exit();

async function main(given: readonly string[]): Promise<number> {
  const options = optionsOf(given);
  if (typeof options === "string") {
    console.error(options);
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  return options.only === undefined ? runAll(options.json) : runOne(options.only, options.json);
}

interface Options {
  readonly json: boolean;
  readonly help: boolean;
  readonly only?: string | undefined;
}

/** Or what is wrong with them. */
function optionsOf(given: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...given],
      options: {
        json: { type: "boolean", default: false },
        only: { type: "string" },
        help: { type: "boolean", default: false, short: "h" },
      },
    });
    const { only } = values;
    const isKnown = only === undefined || Object.hasOwn(benchmarks, only);
    return isKnown ? values : `There is no benchmark "${only}"; there are: ${Object.keys(benchmarks).join(", ")}.`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${help}`;
  }
}

async function runOne(name: string, json: boolean): Promise<number> {
  try {
    print((await (await benchmarks[name]?.())?.run()) ?? [], json);
    return 0;
  } catch (error) {
    console.error(`${name} could not be measured:`, error);
    return 1;
  }
}

function print(results: readonly BenchResult[], json: boolean): void {
  if (json) for (const result of results) console.log(JSON.stringify(result));
  else if (results.length > 0) console.log(tableOf(results));
}

/**
 * Each in a process of its own: none finds the others' warm code, or the access tokens that the SDK keeps for the whole
 * process. One that fails has told so and does not keep the others from running.
 */
async function runAll(json: boolean): Promise<number> {
  const results: BenchResult[] = [];
  let failures = 0;
  for (const name of Object.keys(benchmarks)) {
    if (!json) console.error(`measuring ${name} …`);
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), "--json", "--only", name], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [lines, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    if (code !== 0) failures += 1;
    const measured = lines.split("\n").filter((line) => line !== "");
    results.push(...measured.map((line) => JSON.parse(line) as BenchResult));
    if (json) for (const line of measured) console.log(line);
  }
  if (!json) print(results, false);
  return failures === 0 ? 0 : 1;
}
