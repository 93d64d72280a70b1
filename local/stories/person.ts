// A person decides a plan: by `tq`, in a process of its own, as at a terminal.
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

/** Never throws: a refusal is what `tq` said. */
export function decideAsPerson(given: Decision, env: Readonly<Record<string, string>>): Promise<Decided> {
  const { decision, planId, stage, as, reason } = given;
  const which = decision === "revert" ? [] : ["--stage", stage];
  const command = ["tools/tq.ts", "runs", decision, planId, ...which, "--as", as, "--reason", reason];
  const options = { cwd: PROJECT, env: { ...process.env, ...env }, timeout: TIMEOUT_MS };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim() || (error?.message ?? "");
      resolve({ ok: error === null, said });
    });
  });
}
