/** JSON text of any arrangement to values: one value, one a line, concatenated, or a `records` list with broken members. */

export type JsonPiece = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly line: number };

const wrapper = /^\s*\{\s*"(?:records|value)"\s*:\s*\[/i;
/** A parse that fails costs as much as a hundred that do not: 1 MB of rubbish must not hold the partition for seconds. */
const mostFailures = 500;

interface Patience {
  failuresLeft: number;
}

/**
 * What can be read is read; each part that cannot be is named by the line (from 1) on which it begins; after
 * 500 failures the rest of the text counts as broken. Never throws.
 */
export function parseJsonText(text: string): JsonPiece[] {
  const patience = { failuresLeft: mostFailures };
  const whole = parse(text, patience);
  if (whole.ok) return [whole];
  const lines = text.split("\n");
  if (lines.some((line) => isRecordLine(line, patience))) {
    return lines.flatMap((line, i) => parseLine(line, patience, i + 1));
  }
  const opening = wrapper.exec(text)?.[0] ?? "";
  const read = readSlices(text, splitValues(text, opening.length), patience);
  return read.some((piece) => piece.ok) ? read : [{ ok: false, line: 1 }];
}

function parse(text: string, patience: Patience, line = 1): JsonPiece {
  if (patience.failuresLeft <= 0) return { ok: false, line };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    patience.failuresLeft--;
    return { ok: false, line };
  }
}

/** A line that is an object by itself, not indented: so it is one record a line, not one record on many lines. */
function isRecordLine(line: string, patience: Patience): boolean {
  return line.startsWith("{") && parse(withoutComma(line), patience).ok;
}

function parseLine(line: string, patience: Patience, number: number): JsonPiece[] {
  const text = withoutComma(line);
  if (text === "") return [];
  const whole = parse(text, patience, number);
  if (whole.ok) return [whole];
  const pieces = readSlices(text, splitValues(text, 0), patience);
  return pieces.length > 0 && pieces.every((piece) => piece.ok) ? pieces : [whole];
}

function withoutComma(line: string): string {
  return line.trim().replace(/,$/, "");
}

interface Slice {
  readonly start: number;
  readonly end: number;
}

function readSlices(text: string, slices: readonly Slice[], patience: Patience): JsonPiece[] {
  let line = 1;
  let lineEnd = text.indexOf("\n");
  return slices.map(({ start, end }) => {
    for (; lineEnd !== -1 && lineEnd < start; lineEnd = text.indexOf("\n", lineEnd + 1)) line++;
    return parse(text.slice(start, end), patience, line);
  });
}

/** The values next to each other from `from` on, told apart by their brackets alone; ends at a bracket too many. */
function splitValues(text: string, from: number): Slice[] {
  const slices: Slice[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < text.length && depth >= 0; at++) {
    const change = bracket(text[at]);
    if (text[at] === '"') at = stringEnd(text, at);
    else if (change > 0 && depth === 0) start = at;
    depth += change;
    if (change < 0 && depth === 0) slices.push({ start, end: at + 1 });
  }
  if (depth > 0) slices.push({ start, end: text.length });
  return slices;
}

function bracket(character: string | undefined): number {
  if (character === "{" || character === "[") return 1;
  return character === "}" || character === "]" ? -1 : 0;
}

/** Where the string that opens at `at` closes: at the next quote behind an even number of backslashes. */
function stringEnd(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
