/** Runs the benchmarks and prints their ratios. Exits non-zero only when one could not be measured: see docs/benchmarks.md. */
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
  return runAll(options.only === undefined ? Object.keys(benchmarks) : [options.only], options.json);
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

/** One that fails is told and does not keep the others from running. */
async function runAll(names: readonly string[], json: boolean): Promise<number> {
  const results: BenchResult[] = [];
  let failures = 0;
  for (const name of names) {
    if (!json) console.error(`measuring ${name} …`);
    try {
      const measured = (await (await benchmarks[name]?.())?.run()) ?? [];
      results.push(...measured);
      if (json) for (const result of measured) console.log(JSON.stringify(result));
    } catch (error) {
      failures += 1;
      console.error(`${name} could not be measured:`, error);
    }
  }
  if (!json && results.length > 0) console.log(tableOf(results));
  return failures === 0 ? 0 : 1;
}
