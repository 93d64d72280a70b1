/** Event Hubs Capture: an Avro container whose records each hold the body of one event. */
import avsc from "avsc";
import { openEnvelope } from "../../../shared/records/index.ts";
import { bad, good, type Piece, saidBy } from "./piece.ts";
import { through } from "./through.ts";

const eventsAtOnce = 64;

export async function* readAvro(chunks: AsyncIterable<Buffer>): AsyncIterable<readonly Piece[]> {
  let pieces: Piece[] = [];
  let event = 0;
  const end: End = { bytes: Buffer.alloc(0), marker: null };
  const decoder = new avsc.streams.BlockDecoder();
  decoder.on("metadata", (_schema, _codec, { sync }: { readonly sync: Uint8Array }) => {
    end.marker = sync;
  });
  try {
    for await (const captured of through<unknown>(endNoted(chunks, end), decoder)) {
      event += 1;
      pieces.push(...bodyOf(captured, event));
      if (event % eventsAtOnce !== 0) continue;
      yield pieces;
      pieces = [];
    }
    if (isCutOff(end)) pieces.push(bad(event + 1, "the capture ends before it is complete; fetch the whole file"));
  } catch (error) {
    pieces.push(bad(event + 1, `not an Avro capture: ${saidBy(error)}; the rest of the file cannot be read`));
  }
  yield pieces;
}

/** The last bytes of a capture, and what every block of it ends with. The decoder itself passes over half a block in silence. */
interface End {
  bytes: Buffer;
  /** null: not even the header is there */
  marker: Uint8Array | null;
}

const markerBytes = 16;

async function* endNoted(chunks: AsyncIterable<Buffer>, end: End): AsyncIterable<Buffer> {
  for await (const chunk of chunks) {
    end.bytes = Buffer.concat([end.bytes, chunk.subarray(-markerBytes)]).subarray(-markerBytes);
    yield chunk;
  }
}

function isCutOff({ bytes, marker }: End): boolean {
  return marker === null || !bytes.equals(marker);
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
