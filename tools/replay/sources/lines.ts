/** JSON lines: a value a line, whatever stands in the others. A line that cannot be read takes no other with it. */
import { bad, good, longestRecordBytes, type Piece, saidBy, tooLong } from "./piece.ts";

const newline = 0x0a;

/** What a list that was written one record a line has around them. */
const frame = /^(?:[[\]{}]+|\{\s*"(?:records|value)"\s*:\s*\[|\]\s*\},?)$/;

interface Held {
  parts: Buffer[];
  size: number;
  line: number;
}

export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncIterable<readonly Piece[]> {
  const held: Held = { parts: [], size: 0, line: 1 };
  for await (const chunk of chunks) yield piecesIn(chunk, held);
  yield endLine(held);
}

function piecesIn(chunk: Buffer, held: Held): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let to = chunk.indexOf(newline); to !== -1; to = chunk.indexOf(newline, from)) {
    hold(held, chunk.subarray(from, to));
    for (const piece of endLine(held)) pieces.push(piece);
    from = to + 1;
  }
  hold(held, chunk.subarray(from));
  return pieces;
}

/** Of a line that is too long only its length is kept. */
function hold(held: Held, part: Buffer): void {
  held.size += part.length;
  if (held.size > longestRecordBytes) held.parts = [];
  else if (part.length > 0) held.parts.push(part);
}

function endLine(held: Held): readonly Piece[] {
  const { parts, size, line } = held;
  held.parts = [];
  held.size = 0;
  held.line += 1;
  if (size > longestRecordBytes) return [bad(line, tooLong)];
  const [only = Buffer.alloc(0)] = parts;
  return readLine((parts.length > 1 ? Buffer.concat(parts) : only).toString("utf8"), size, line);
}

function readLine(text: string, size: number, line: number): readonly Piece[] {
  const json = withoutComma(line === 1 ? text.replace(/^\uFEFF/, "") : text);
  if (json === "" || frame.test(json)) return [];
  try {
    return [good(JSON.parse(json), size)];
  } catch (error) {
    return [bad(line, `not JSON: ${saidBy(error)}`)];
  }
}

/** Lists written one element a line have a comma at the end of each; archives of Azure have a carriage return. */
export function withoutComma(text: string): string {
  const trimmed = text.trim();
  return trimmed.endsWith(",") ? trimmed.slice(0, -1) : trimmed;
}
