// Warnings and errors in the log of the app's host, as sentences: the fields, which may name anything, are left out.
import type { HostProcess } from "../host/spawn.ts";

const LOUD = new Set(["warning", "error", "critical"]);

export interface HostLog {
  /** Those since the last call. */
  newTroubles(host: Pick<HostProcess, "pid" | "output" | "errors">): string[];
}

export function createHostLog(): HostLog {
  let seen = { pid: -1, output: 0, errors: 0 };
  return {
    newTroubles(host) {
      if (seen.pid !== host.pid) seen = { pid: host.pid, output: 0, errors: 0 };
      const output = host.output();
      const errors = host.errors();
      const structured = output.slice(seen.output).map(structuredTrouble);
      const plain = errors.slice(seen.errors).map(plainTrouble);
      seen = { pid: host.pid, output: output.length, errors: errors.length };
      return [...structured, ...plain].filter((text) => text !== null);
    },
  };
}

/** A line of the host itself: one JSON object. */
function structuredTrouble(line: string): string | null {
  const entry = asObject(line);
  if (entry === null || !LOUD.has(String(entry.level))) return null;
  return `host ${entry.level}: ${sentence(String(entry.message))}`;
}

/** A line on stderr: of the app's console, or of Node. Stack traces are indented. */
function plainTrouble(line: string): string | null {
  if (line.trim() === "" || /^\s/.test(line) || asObject(line) !== null) return null;
  return `app: ${sentence(line)}`;
}

/** Without the fields that a logger appends as JSON. */
function sentence(line: string): string {
  return line.replace(/\s*\{".*$/s, "").slice(0, 300);
}

function asObject(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
