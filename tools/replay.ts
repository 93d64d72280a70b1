/** `npm run replay`: what would Tourniquet have found and done? Exported history in, a report out. */
import { fileURLToPath } from "node:url";
import { describeError, TerminalError } from "../shared/domain/errors.ts";
import { endWithReader } from "./broken-pipe.ts";
import { readOptions } from "./replay/options.ts";
import { createProgress } from "./replay/progress.ts";
import { textOf } from "./replay/report/text.ts";
import { replay } from "./replay/run.ts";
import { fileSource, standardInput } from "./replay/sources/source.ts";
import { usage } from "./replay/usage.ts";

const shippedPolicy = fileURLToPath(new URL("../policy.yaml", import.meta.url));

async function main(): Promise<void> {
  const asked = readOptions(process.argv.slice(2), shippedPolicy);
  if (asked === null) {
    console.log(usage);
    return;
  }
  const { files, json, options } = asked;
  // all of them before any is read: a mistyped name must not cost an hour
  const sources = await Promise.all(
    files.map((file) => (file === "-" ? standardInput(process.stdin) : fileSource(file))),
  );
  const progress = createProgress(sources, process.stderr, json);
  try {
    const report = await replay(sources, { ...options, progress: progress.add });
    progress.stop();
    console.log(json ? JSON.stringify(report, null, 2) : textOf(report));
  } finally {
    progress.stop();
  }
}

const wrongInput = new Set(["usage", "unreadable", "policy-invalid", "policy-unreadable"]);

endWithReader();
main().catch((error: unknown) => {
  const isExpected = error instanceof TerminalError && wrongInput.has(error.code);
  console.error(isExpected ? error.message : describeError(error));
  process.exitCode = isExpected ? 2 : 1;
});
