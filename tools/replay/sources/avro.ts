/** Event Hubs Capture: an Avro container whose records each hold the body of one event. */
import { Readable } from "node:stream";
import avsc from "avsc";
import { openEnvelope } from "../../../shared/records/index.ts";
import { bad, good, type Piece, saidBy } from "./piece.ts";

const eventsAtOnce = 64;

export async function* readAvro(chunks: AsyncIterable<Buffer>): AsyncIterable<readonly Piece[]> {
  let pieces: Piece[] = [];
  let event = 0;
  try {
    for await (const captured of Readable.from(chunks, { objectMode: false }).compose(
      new avsc.streams.BlockDecoder(),
    )) {
      event += 1;
      pieces.push(...bodyOf(captured, event));
      if (event % eventsAtOnce !== 0) continue;
      yield pieces;
      pieces = [];
    }
  } catch (error) {
    pieces.push(bad(event + 1, `not an Avro capture: ${saidBy(error)}; the rest of the file cannot be read`));
  }
  yield pieces;
}

/** In the words of the capture's schema; a union may be wrapped by the name of its branch. */
function bodyOf(captured: unknown, event: number): readonly Piece[] {
  const body = memberOf(captured, "Body");
  const bytes = body instanceof Uint8Array ? body : memberOf(body, "bytes");
  if (!(bytes instanceof Uint8Array)) return [bad(event, "the captured event has no Body")];
  return openEnvelope(bytes).map((opened) =>
    opened.ok ? good(opened.record, bytes.length) : bad(event, opened.letter.detail),
  );
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
