// A person decides a plan, or asks for one: by `tq`, in a process of its own, as at a terminal.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Decision {
  readonly decision: "approve" | "deny" | "revert";
  readonly planId: string;
  readonly stage: string;
  readonly as: string;
  readonly reason: string;
}

export interface Decided {
  readonly ok: boolean;
  /** what `tq` printed */
  readonly said: string;
}

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const TIMEOUT_MS = 30_000;

type Environment = Readonly<Record<string, string>>;

export function decideAsPerson({ decision, planId, stage, as, reason }: Decision, env: Environment): Promise<Decided> {
  const which = decision === "revert" ? [] : ["--stage", stage];
  return runs([decision, planId, ...which, "--as", as, "--reason", reason], env);
}

export interface Asking {
  readonly playbook: string;
  /** object id of its service principal */
  readonly identity: string;
  readonly as: string;
  readonly reason: string;
}

export function startAsPerson({ playbook, identity, as, reason }: Asking, env: Environment): Promise<Decided> {
  return runs(["start", playbook, "--identity", identity, "--as", as, "--reason", reason], env);
}

/** Never throws: a refusal is what `tq` said. */
function runs(words: readonly string[], env: Environment): Promise<Decided> {
  const command = ["tools/tq.ts", "runs", ...words];
  const options = { cwd: PROJECT, env: { ...process.env, ...env }, timeout: TIMEOUT_MS };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim() || (error?.message ?? "");
      resolve({ ok: error === null, said });
    });
  });
}
