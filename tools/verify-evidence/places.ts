/** Where in the text of a pack something is, in words: the section, and of the ledger the entry. */

const text = String.raw`"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"`;
const number = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
/** What a line of our files looks like: key, value or the beginning of one, or the end of one; and a comma. */
const form = new RegExp(`^ *(${text}: )?(?:(${text}|${number}|true|false|null|{}|\\[\\])|([{[])|([}\\]]))(,?)$`);

/** Offset of the first line that cannot stand where it stands, as our files are written; the end of the file when there is none. */
export function firstOddLine(file: string): number {
  const lines = file.split("\n");
  const open: string[] = [];
  let offset = 0;
  for (const [at, line] of lines.entries()) {
    if (at === lines.length - 1 || !fits(line, lines[at + 1] ?? "", open)) return Math.min(offset, file.length);
    offset += line.length + 1;
  }
  return file.length;
}

/** Takes over into `open` what the line opens or closes. */
function fits(line: string, next: string, open: string[]): boolean {
  const [whole, key, , opens, closes, comma] = form.exec(line) ?? [];
  if (whole === undefined) return false;
  if (closes !== undefined) {
    if (open.pop() !== (closes === "}" ? "{" : "[")) return false;
  } else if (open.length > 0 && (key !== undefined) !== (open.at(-1) === "{")) return false;
  if (opens !== undefined) open.push(opens);
  const isLast = /^ *[}\]]/.test(next) || open.length === 0;
  return opens !== undefined || (comma === "") === isLast;
}

/** `offset` in UTF-16 units. */
export function placeOf(file: string, offset: number): string {
  const before = file.slice(0, offset + 1);
  const section = [...before.matchAll(/^ {2}"(\w+)":/gm)].at(-1);
  const lineNumber = before.split("\n").length;
  if (section === undefined) return `line ${lineNumber}`;
  const name = section[1] ?? "";
  if (name !== "ledger") return `section ${name}, line ${lineNumber}`;
  const entry = [...before.slice(section.index).matchAll(/^ {4}\{/gm)].length;
  return `section ledger, entry ${Math.max(1, entry)}, line ${lineNumber}`;
}

/** UTF-16 offset of the first byte in which two files differ; null: they are the same. */
export function firstDifference(file: Buffer, expected: Buffer): number | null {
  if (file.equals(expected)) return null;
  const at = expected.findIndex((byte, index) => byte !== file[index]);
  return file.subarray(0, at === -1 ? expected.length : at).toString("utf8").length;
}
