// Starts the functions host as a child process, for tests and stories.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface HostProcess {
  /** Base URL without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL when the host has not ended by itself; settles when it has ended. */
  stop(): Promise<void>;
  /** Every line of stdout and stderr so far. */
  output(): readonly string[];
  /** Those of stderr alone, where the app's warnings and errors go when they do not go through the host's log. */
  errors(): readonly string[];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface StartHostOptions {
  readonly appRoot: string;
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default 0, any free port. */
  readonly port?: number;
  readonly quiet?: boolean;
  /** How long a graceful stop awaits what still runs; default 10,000. */
  readonly stopLimitMs?: number;
  /** Default 30,000. */
  readonly startTimeoutMs?: number;
}

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const READY = "host ready ";
const OLDEST_NODE = 22;
const KILL_AFTER_MS = 10_000;

/** @throws Error with the host's own output when it does not come up */
export async function startHost(options: StartHostOptions): Promise<HostProcess> {
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
    throw new Error(
      `The host needs Node ${OLDEST_NODE} or newer, this is ${process.version}: start it by an npm script.`,
    );
  }
  const stopLimitMs = options.stopLimitMs ?? 10_000;
  const child = spawn(process.execPath, argumentsFor(options, stopLimitMs), {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const lines: string[] = [];
  const errors: string[] = [];
  if (child.stderr !== null) createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  const { port } = await readiness(child, lines, exited, options.startTimeoutMs ?? 30_000);

  async function stop(): Promise<void> {
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), stopLimitMs * 2 + KILL_AFTER_MS);
    await exited;
    clearTimeout(killer);
  }

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? -1,
    kill: (signal) => void child.kill(signal),
    stop,
    output: () => lines,
    errors: () => errors,
    exited,
  };
}

function argumentsFor(options: StartHostOptions, stopLimitMs: number): string[] {
  const flags = ["--app-root", options.appRoot, "--port", String(options.port ?? 0)];
  return [MAIN, ...flags, "--stop-limit", String(stopLimitMs), ...(options.quiet === true ? ["--quiet"] : [])];
}

function readiness(
  child: ChildProcess,
  lines: string[],
  exited: Promise<unknown>,
  timeoutMs: number,
): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    const refuse = (reason: string): void => reject(new Error(`The functions host ${reason}.\n${lines.join("\n")}`));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      refuse(`was not ready after ${timeoutMs} ms`);
    }, timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (!line.startsWith(READY)) return;
        clearTimeout(timer);
        resolve(JSON.parse(line.slice(READY.length)));
      });
    }
    child.once("error", (error) => refuse(`could not be started: ${error.message}`));
    void exited.then(() => {
      clearTimeout(timer);
      refuse("ended before it was ready");
    });
  });
}
