/** Bytes through a stream that turns them into something else. */
import { type Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What goes wrong on either side is thrown where it is read, and nowhere else; who stops reading closes both. */
export function through<T>(chunks: AsyncIterable<Buffer>, stream: Duplex): AsyncIterable<T> {
  // a stream that was left may still stumble over what it holds
  stream.on("error", () => undefined);
  pipeline(Readable.from(chunks, { objectMode: false }), stream).catch(() => undefined);
  return stream;
}
