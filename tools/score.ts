/** `npm run score`: what is found of the labelled records in TOURNIQUET_RECORDS; `--help` says how it is judged. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadPolicy } from "../shared/config/policy-file.ts";
import { describeError, TerminalError } from "../shared/domain/errors.ts";
import { detections } from "../shared/engine/registry.ts";
import { endWithReader } from "./broken-pipe.ts";
import { type Corpus, findCorpus, readLabels } from "./score/corpus.ts";
import { readDisputed } from "./score/disputed.ts";
import { report } from "./score/report.ts";
import { verdictOf } from "./score/verdicts.ts";
import { walk } from "./score/walk.ts";

const help = `Holds every detection against labelled records.

  npm run score                the records of ../shared/records
  npm run score -- --strict    labels that the record contradicts count, too

TOURNIQUET_RECORDS names another folder: \`labels.ndjson\`, and the files that it names. Each line of it is JSON:
{"file": …, "index": …, "label": "TP" or "TN", "pattern": …}. The exit code is 0 when every attack of a pattern that is
promised was found by a detection of that pattern, and no benign record by a detection whose line in policy.yaml
says approve or enforce.
`;

endWithReader();
main().catch((error: unknown) => {
  const isExpected = error instanceof TerminalError;
  console.error(isExpected ? error.message : describeError(error));
  process.exitCode = isExpected ? 2 : 1;
});

async function main(): Promise<void> {
  const values = asked(process.argv.slice(2));
  const corpus = findCorpus();
  const without = `no labels.ndjson in ${corpus.folder}; TOURNIQUET_RECORDS names the folder of records`;
  if (values.help) console.log(help);
  else if (corpus.exists) await score(corpus, values.strict);
  else if (corpus.named) throw new TerminalError(without, { code: "labels" });
  else console.log(`skipped: ${without}`);
}

function asked(args: string[]): { readonly strict: boolean; readonly help: boolean } {
  try {
    const flag = { type: "boolean", default: false } as const;
    return parseArgs({ args, options: { strict: flag, help: { ...flag, short: "h" } } }).values;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new TerminalError(`${said}\n\n${help}`, { code: "usage" });
  }
}

async function score(of: Corpus, strict: boolean): Promise<void> {
  const labels = readLabels(of);
  const files = [...new Set(labels.map(({ file }) => file))];
  const went = new Map(await Promise.all(files.map(async (file) => [file, await walk(of, file)] as const)));
  const judged = {
    policy: loadPolicy(fileURLToPath(new URL("../policy.yaml", import.meta.url))),
    patterns: new Map([...detections.values()].map(({ id, patterns }) => [id, patterns])),
    disputed: readDisputed(),
  };
  const verdicts = labels.map((label) => verdictOf(label, went.get(label.file)?.[label.index] ?? null, judged));
  const { text, passed } = report(verdicts, [...detections.values()], judged, strict);
  console.log(`${labels.length} labelled records of ${files.length} files in ${of.folder}\n`);
  console.log(text);
  process.exitCode = passed ? 0 : 1;
}
