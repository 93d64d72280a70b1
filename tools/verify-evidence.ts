/** `npm run verify-evidence -- FILE`: does an evidence pack hold? Offline; needs nothing of the app but this checkout. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { TerminalError } from "../shared/domain/errors.ts";
import { endWithReader } from "./broken-pipe.ts";
import { columns } from "./text/columns.ts";
import { printable } from "./text/printable.ts";
import { trustedKeyId } from "./verify-evidence/keys.ts";
import type { Verdict } from "./verify-evidence/verdict.ts";
import { verifyEvidence } from "./verify-evidence/verify.ts";

const usage = `Usage: npm run verify-evidence -- FILE [--key KEY] [--heads EVENTS] [--json]

  FILE     an evidence pack, with the very bytes that GET /api/incidents/{id}/evidence answered
  --key    the key you trust: its id (16 characters), or a file with it as PEM or JWK
  --heads  events of the outcomes hub, one JSON object a line: shows whether the end of the ledger was cut off
  --json   machine-readable

Ends with 0 when the file holds, with 1 when it does not, with 2 when nothing could be checked.`;

const options = {
  key: { type: "string" },
  heads: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

function main(): number {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new TerminalError(`say one file\n${usage}`, { code: "usage" });
  const verdict = verifyEvidence(read(file, "FILE"), {
    keyId: values.key === undefined ? null : trustedKeyId(values.key),
    heads: values.heads === undefined ? null : read(values.heads, "--heads").toString("utf8"),
  });
  console.log(values.json ? JSON.stringify({ file, ...verdict }, null, 2) : textOf(file, verdict));
  return verdict.holds ? 0 : 1;
}

function read(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new TerminalError(`${what} ${path} cannot be read (${why})`, { code: "usage", cause });
  }
}

const words = { true: "ok", false: "FAILS", null: "note" } as const;

function textOf(file: string, { holds, checks, pack }: Verdict): string {
  const about =
    pack === null ? [] : [`Incident ${pack.incidentId}, made ${pack.madeAt} for ${pack.madeBy}`].map(printable);
  const lines = columns(checks.map((one) => [words[`${one.holds}`], one.name, printable(one.message)]));
  const failed = checks.filter((one) => one.holds === false).length;
  const end = holds ? `${file} holds.` : `${file} does NOT hold: ${failed} of ${checks.length} checks failed.`;
  return [...about, lines, end].join("\n");
}

endWithReader();
try {
  process.exitCode = main();
} catch (error) {
  const isWrongUse = error instanceof TerminalError || (error instanceof TypeError && "code" in error);
  if (!isWrongUse) throw error;
  console.error(error instanceof Error ? error.message : "");
  process.exitCode = 2;
}
