/** `npm run tq -- …`: Tourniquet from the command line, as a client of its HTTP API. */
import { createInterface } from "node:readline/promises";
import { endWithReader } from "./broken-pipe.ts";
import { run } from "./tq/run.ts";

async function askAtTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

endWithReader();
process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  out: (text) => console.log(text),
  err: (text) => console.error(text),
  ask: process.stdin.isTTY === true ? askAtTerminal : null,
  ...(process.stderr.isTTY === true ? { screen: process.stderr } : {}),
});
