/** The command line of `replay`, checked. */
import { parseArgs } from "node:util";
import { checkPolicyAgainst, loadPolicy } from "../../shared/config/policy-file.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { Mode } from "../../shared/domain/mode.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { detections } from "../../shared/engine/registry.ts";
import type { ReplayOptions } from "./replay-options.ts";
import { wrongUse } from "./usage.ts";

export interface CommandLine {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly options: ReplayOptions;
}

const flags = {
  policy: { type: "string" },
  mode: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  "service-principals": { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Null: help was asked for. Throws TerminalError `usage`, or what is wrong with the policy. */
export function readOptions(args: readonly string[], defaultPolicy: string): CommandLine | null {
  const { values, positionals } = parsed(args);
  if (values.help) return null;
  const files = [...new Set(positionals)];
  if (files.length === 0) throw wrongUse("No file is named; - reads standard input");
  const mode = Mode.safeParse(values.mode ?? "enforce");
  if (!mode.success) throw wrongUse(`--mode ${values.mode}: it is one of ${Mode.options.join(", ")}`);
  const [from, to] = [timeOf("--from", values.from), timeOf("--to", values.to)];
  if (from !== null && to !== null && from >= to)
    throw wrongUse(`--from ${values.from} is not before --to ${values.to}`);
  const servicePrincipals = countOf(values["service-principals"]);
  const policy = policyAt(values.policy ?? defaultPolicy);
  return { files, json: values.json, options: { policy, mode: mode.data, from, to, servicePrincipals } };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (error) {
    const said = error instanceof Error ? (error.message.split(/\. |\.?\n/)[0] ?? "") : "";
    throw wrongUse(said);
  }
}

const iso = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** Without a zone it is UTC, as the logs are. */
function timeOf(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const isLocal = /T.*\d$/.test(text) && !/[+-]\d{2}:\d{2}$/.test(text);
  const at = iso.test(text) && isDay(text.slice(0, 10)) ? Date.parse(isLocal ? `${text}Z` : text) : Number.NaN;
  if (Number.isNaN(at)) throw wrongUse(`${flag} ${text}: a time is written as 2026-03-01 or 2026-03-01T09:00:00Z`);
  return at;
}

/** Date.parse takes the 30th of February for the 2nd of March. */
function isDay(date: string): boolean {
  const at = Date.parse(date);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

function countOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count === 0) throw wrongUse(`--service-principals ${text}: it is a number from 1`);
  return count;
}

/** The placeholder for the tenant is no mistake here. */
function policyAt(path: string): Policy {
  const policy = loadedFrom(path);
  const problems = checkPolicyAgainst(policy, [...detections.keys()]).filter((line) => !line.startsWith("tenantId:"));
  if (problems.length === 0) return policy;
  const message = [`The policy ${path} cannot be used:`, ...problems.map((line) => `  ${line}`)].join("\n");
  throw new TerminalError(message, { code: "policy-invalid" });
}

function loadedFrom(path: string): Policy {
  try {
    return loadPolicy(path);
  } catch (error) {
    if (!(error instanceof TerminalError && error.code === "policy-unreadable")) throw error;
    const message = `The policy file ${path} cannot be read; --policy names it, and without it policy.yaml is taken.`;
    throw new TerminalError(message, { code: error.code, cause: error });
  }
}
