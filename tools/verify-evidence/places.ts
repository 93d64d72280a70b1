/** Where in the text of a pack something is, in words: the section, and of the ledger the entry. */

/** What a line of our files looks like; the first that does not is where somebody was. */
const line =
  /^ *(?:"(?:[^"\\]|\\.)*": )?(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\{\}|\[\]|[{[])?,?$|^ *[}\]],?$/;

/** Offset at which the text stops being one of our files, as far as single lines tell; its end when all of them look right. */
export function firstOddLine(text: string): number {
  let offset = 0;
  for (const one of text.split("\n")) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none unescaped, so one of them is the change itself
    if (!line.test(one) || /[\u0000-\u001f]/.test(one)) return offset;
    offset += one.length + 1;
  }
  return text.length;
}

/** `offset` in UTF-16 units. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset + 1);
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
