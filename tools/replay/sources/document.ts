/** JSON documents of any size, one or several after another: the elements of their lists, one by one. */
import { jsonParser } from "stream-json/core/parser.js";
import { type ElementPicker, pickElements } from "./elements.ts";
import { bad, good, type Piece, saidBy, tooLong } from "./piece.ts";

interface Reading {
  pieces: Piece[];
  line: number;
  /** something was wrong: skipped up to a line that begins a document */
  lost: boolean;
  parse: ReturnType<typeof jsonParser>;
  picker: ElementPicker;
}

export async function* readDocument(chunks: AsyncIterable<Buffer>): AsyncIterable<readonly Piece[]> {
  const decoder = new TextDecoder();
  const reading: Reading = { pieces: [], line: 1, lost: false, ...parser(() => reading) };
  for await (const chunk of chunks) {
    readText(reading, decoder.decode(chunk, { stream: true }));
    yield taken(reading);
  }
  readText(reading, decoder.decode());
  finish(reading);
  yield taken(reading);
}

function taken(reading: Reading): readonly Piece[] {
  const { pieces } = reading;
  reading.pieces = [];
  return pieces;
}

function parser(of: () => Reading): Pick<Reading, "parse" | "picker"> {
  return {
    parse: jsonParser({ jsonStreaming: true, packStrings: false, streamKeys: false, streamNumbers: false }),
    picker: pickElements({
      found: (value, bytes, beside) => of().pieces.push(good(value, bytes, beside)),
      tooLong: () => of().pieces.push(bad(of().line, tooLong)),
    }),
  };
}

/** What is too long is noticed after so much of it. */
const partLength = 256 * 1024;

/** Line by line, so that what is wrong is known by its line, and what comes after it can still be read. */
function readText(reading: Reading, text: string): void {
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf("\n", from);
    const to = Math.min(newline === -1 ? text.length : newline + 1, from + partLength);
    readPart(reading, text.slice(from, to));
    if (to === newline + 1) reading.line += 1;
    from = to;
  }
}

function readPart(reading: Reading, part: string): void {
  if (part === "" || (reading.lost && !/^[{[]/.test(part))) return;
  reading.lost = false;
  try {
    consume(reading, reading.parse(part), part.length);
  } catch (error) {
    lose(reading, error);
  }
}

function consume({ picker }: Reading, tokens: ReturnType<Reading["parse"]>, size: number): void {
  if (typeof tokens === "symbol") picker.grow(size);
  else {
    picker.grow(size);
    for (const token of tokens.values) picker.consume(token);
  }
}

function lose(reading: Reading, error: unknown): void {
  reading.pieces.push(bad(reading.line, `not JSON: ${saidBy(error)}; skipped up to the next document`));
  reading.lost = true;
  Object.assign(
    reading,
    parser(() => reading),
  );
}

/** A document that never ends was cut off: what it held up to there was read. */
function finish(reading: Reading): void {
  if (!reading.lost && !reading.picker.isWhole())
    reading.pieces.push(bad(reading.line, "the document ends before it is complete"));
}
