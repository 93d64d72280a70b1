/** CSV that every reader takes apart as it was, and no spreadsheet calculates. */
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvOf, harmless } from "../../tools/text/csv.ts";

const cell = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    " ",
    '"',
    '""',
    ",",
    "\r\n",
    "\n",
    "=1+1",
    " =cmd|'/c calc'!A0",
    "+49",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
  ),
);
const rows = fc
  .integer({ min: 1, max: 6 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));

describe("CSV", () => {
  it("is read back as it was, but for the apostrophe before what would be a formula", () => {
    fc.assert(
      fc.property(rows, (given) => {
        const read: string[][] = parse(csvOf(given), { bom: false, record_delimiter: "\r\n" });
        expect(read).toEqual(given.map((row) => row.map(harmless)));
      }),
    );
  });

  it("begins no cell with what a spreadsheet calculates, whatever is skipped or unseen before it", () => {
    fc.assert(
      fc.property(cell, (text) => {
        const shown = harmless(text);
        expect(shown).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u);
        if (shown !== text) expect(shown).toBe(`'${text}`);
      }),
    );
    expect(["=1", " +1", "\u200b-1", "\u0000@x"].map(harmless)).toEqual(["'=1", "' +1", "'\u200b-1", "'\u0000@x"]);
  });

  it("leaves ids, instants and sentences alone", () => {
    expect(csvOf([["aaaaaaaa-0000-4000-8000-000000000003", "2026-11-22T03:15:00.000Z", 'a, "b"']])).toBe(
      'aaaaaaaa-0000-4000-8000-000000000003,2026-11-22T03:15:00.000Z,"a, ""b"""\r\n',
    );
  });
});
