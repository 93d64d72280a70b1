/** JSON text of any arrangement to values: one value, one a line, concatenated, or a `records` list with broken members. */

export type JsonPiece = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly line: number };

const wrapper = /^\s*\{\s*"(?:records|value)"\s*:\s*\[/i;

/** What can be read is read; each part that cannot be is named by the line (from 1) on which it begins. Never throws. */
export function parseJsonText(text: string): JsonPiece[] {
  const whole = parse(text);
  if (whole.ok) return [whole];
  const lines = text.split("\n");
  if (lines.some(isRecordLine)) return lines.flatMap((line, i) => parseLine(line, i + 1));
  const opening = wrapper.exec(text)?.[0] ?? "";
  const read = readSlices(text, splitValues(text, opening.length));
  return read.some((piece) => piece.ok) ? read : [{ ok: false, line: 1 }];
}

function parse(text: string, line = 1): JsonPiece {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, line };
  }
}

/** A line that is an object by itself, not indented: so it is one record a line, not one record on many lines. */
function isRecordLine(line: string): boolean {
  return line.startsWith("{") && parse(withoutComma(line)).ok;
}

function parseLine(line: string, number: number): JsonPiece[] {
  const text = withoutComma(line);
  if (text === "") return [];
  const whole = parse(text, number);
  if (whole.ok) return [whole];
  const pieces = readSlices(text, splitValues(text, 0));
  return pieces.length > 0 && pieces.every((piece) => piece.ok) ? pieces : [whole];
}

function withoutComma(line: string): string {
  return line.trim().replace(/,$/, "");
}

interface Slice {
  readonly start: number;
  readonly end: number;
}

function readSlices(text: string, slices: readonly Slice[]): JsonPiece[] {
  let line = 1;
  let counted = 0;
  return slices.map(({ start, end }) => {
    for (let at = text.indexOf("\n", counted); at !== -1 && at < start; at = text.indexOf("\n", counted)) {
      line++;
      counted = at + 1;
    }
    return parse(text.slice(start, end), line);
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
