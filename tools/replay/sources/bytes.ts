/** The bytes of a source as text or capture: unpacked, in UTF-8, and with their beginning in hand. */
import { unpack } from "./unpack.ts";

export interface Begun {
  /** the first bytes, at most `headBytes` unless the first chunk had more */
  readonly head: Buffer;
  /** everything, the head included */
  readonly chunks: AsyncIterable<Buffer>;
}

/** An event of the hub has at most 1 MB, so that the first line of an archive lies within. */
export const headBytes = 2 * 1024 * 1024;

/** Unpacks gzip, by its first two bytes and not by any name, and turns UTF-16 (Windows PowerShell writes it) into UTF-8. */
export async function plainBytes(raw: AsyncIterable<Uint8Array>): Promise<Begun> {
  const begun = await begin(asBuffers(raw), 4);
  if (isGzip(begun.head)) return plainBytes(unpack(begun.chunks));
  const wide = encodingOf(begun.head);
  return begin(wide === null ? begun.chunks : decoded(begun.chunks, wide), headBytes);
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** By the byte order mark. */
function encodingOf(head: Buffer): "utf-16le" | "utf-16be" | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : null;
}

async function* decoded(chunks: AsyncIterable<Buffer>, encoding: string): AsyncIterable<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
}

async function* asBuffers(raw: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  for await (const chunk of raw) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** Reads on until so many bytes are there, or all. What fails meanwhile is thrown once those that came were read. */
async function begin(source: AsyncIterable<Buffer>, wanted: number): Promise<Begun> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  const failures: unknown[] = [];
  let size = 0;
  while (size < wanted) {
    const next = await iterator.next().catch((error: unknown) => failures.push(error));
    if (typeof next === "number" || next.done === true) break;
    first.push(next.value);
    size += next.value.length;
  }
  return { head: Buffer.concat(first), chunks: rest(first, failures, iterator) };
}

async function* rest(
  first: Buffer[],
  failures: readonly unknown[],
  iterator: AsyncIterator<Buffer>,
): AsyncIterable<Buffer> {
  try {
    for (let chunk = first.shift(); chunk !== undefined; chunk = first.shift()) yield chunk;
    for (const failure of failures) throw failure;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
