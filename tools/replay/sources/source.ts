/** What is replayed: bytes under a name, from a file, from standard input, or made by a program. */
import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { TerminalError } from "../../../shared/domain/errors.ts";

export interface Source {
  /** as the user gave it; shown beside what cannot be read */
  readonly name: string;
  /** bytes; null: not known */
  readonly size: number | null;
  /** standard input: what was read is gone */
  readonly once?: boolean;
  open(): AsyncIterable<Uint8Array>;
}

const chunkBytes = 256 * 1024;

/** Checks that the file is there and may be read. Throws TerminalError `unreadable` that says what to do. */
export async function fileSource(path: string): Promise<Source> {
  const { size, isDirectory } = await found(path);
  if (isDirectory) throw unreadable(`${path} is a directory; name the files in it, for example ${path}/*.json`);
  return { name: path, size, open: () => createReadStream(path, { highWaterMark: chunkBytes }) };
}

export function standardInput(stream: AsyncIterable<Uint8Array>): Source {
  return { name: "standard input", size: null, once: true, open: () => stream };
}

async function found(path: string): Promise<{ readonly size: number; readonly isDirectory: boolean }> {
  try {
    const stats = await stat(path);
    await access(path, constants.R_OK);
    return { size: stats.size, isDirectory: stats.isDirectory() };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw unreadable(`${path}: ${why}; check the path, and that you may read it`, cause);
  }
}

export function unreadable(message: string, cause?: unknown): TerminalError {
  return new TerminalError(message, { code: "unreadable", cause });
}
