// A person at a terminal: signed in at the local login, each command of `tq` in a process of its own.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";

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
  /** what `tq` printed: its answer, or its refusal */
  readonly said: string;
}

/** Where the app is, and who is at the terminal. */
export interface AtTerminal {
  readonly url: string;
  readonly as: string;
}

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
/** a machine that plays several stories at once is slow to start a process */
const TIMEOUT_MS = 60_000;
const LONGEST_ANSWER = 16 * 1024 * 1024;
/** People of a story are on call, with every role; whom a missing role keeps out is no story. */
const ROLES = ["Tourniquet.Operator", "Tourniquet.Approver", "Tourniquet.Admin"];

export function decideAsPerson({ decision, planId, stage, step, as, reason }: Decision, url: string): Promise<Decided> {
  const revert = step === undefined ? [] : ["--step", String(step)];
  const approve = decision === "approve" ? ["--yes"] : [];
  const which = decision === "revert" ? revert : ["--stage", stage, ...approve];
  return tq(["runs", decision, planId, ...which, "--reason", reason], { url, as });
}

export interface Asking {
  readonly playbook: string;
  /** object id of its service principal */
  readonly identity: string;
  readonly as: string;
  readonly reason: string;
}

export function startAsPerson({ playbook, identity, as, reason }: Asking, url: string): Promise<Decided> {
  return tq(["runs", "start", playbook, "--identity", identity, "--reason", reason], { url, as });
}

/** Never throws: a refusal is what `tq` said. */
export async function tq(words: readonly string[], { url, as }: AtTerminal): Promise<Decided> {
  const token = await signIn(url, as).catch((error: unknown) => error);
  if (typeof token !== "string") return { ok: false, said: `${as} cannot sign in: ${token}` };
  const command = ["tools/tq.ts", ...words];
  const env = { ...process.env, TOURNIQUET_URL: url, TOURNIQUET_TOKEN: token };
  const options = { cwd: PROJECT, env, timeout: TIMEOUT_MS, maxBuffer: LONGEST_ANSWER };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      // beside its answer `tq` says what is about to be decided, which the story has told already
      const said = error === null ? stdout.trim() : `${stdout}${stderr}`.trim() || error.message;
      resolve({ ok: error === null, said });
    });
  });
}

const Token = z.looseObject({ accessToken: z.string() });

async function signIn(url: string, name: string): Promise<string> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ name, roles: ROLES });
  const answer = await fetch(`${url}/.auth/login/development`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`the login answered ${answer.status}: ${await answer.text()}`);
  return Token.parse(await answer.json()).accessToken;
}
