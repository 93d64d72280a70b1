// A person at a terminal: each command of `tq` in a process of its own.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Decision {
  readonly decision: "approve" | "deny" | "revert";
  readonly planId: string;
  readonly stage: string;
  /** of a revert: which step, as `runs show` numbers them from 1; undefined: the whole plan */
  readonly step?: number | undefined;
  readonly as: string;
  readonly reason: string;
}

export interface Decided {
  readonly ok: boolean;
  /** what `tq` printed */
  readonly said: string;
}

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
/** a machine that plays several stories at once is slow to start a process */
const TIMEOUT_MS = 60_000;
const LONGEST_ANSWER = 16 * 1024 * 1024;

type Environment = Readonly<Record<string, string>>;

export function decideAsPerson(decision: Decision, env: Environment): Promise<Decided> {
  const { planId, stage, step, as, reason } = decision;
  const part = step === undefined ? [] : ["--step", String(step)];
  const which = decision.decision === "revert" ? part : ["--stage", stage];
  return tq(["runs", decision.decision, planId, ...which, "--as", as, "--reason", reason], env);
}

export interface Asking {
  readonly playbook: string;
  /** object id of its service principal */
  readonly identity: string;
  readonly as: string;
  readonly reason: string;
}

export function startAsPerson({ playbook, identity, as, reason }: Asking, env: Environment): Promise<Decided> {
  return tq(["runs", "start", playbook, "--identity", identity, "--as", as, "--reason", reason], env);
}

/** Never throws: a refusal is what `tq` said. */
export function tq(words: readonly string[], env: Environment): Promise<Decided> {
  const command = ["tools/tq.ts", ...words];
  const options = { cwd: PROJECT, env: { ...process.env, ...env }, timeout: TIMEOUT_MS, maxBuffer: LONGEST_ANSWER };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim() || (error?.message ?? "");
      resolve({ ok: error === null, said });
    });
  });
}
