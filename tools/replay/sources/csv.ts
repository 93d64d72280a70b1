/** CSV with a header, as Log Analytics and its portal export it: each row an object of text. */
import { parse } from "csv-parse";
import { bad, good, longestRecordBytes, type Piece, saidBy } from "./piece.ts";
import { through } from "./through.ts";

const rowsAtOnce = 256;

export async function* readCsv(chunks: AsyncIterable<Buffer>): AsyncIterable<readonly Piece[]> {
  let pieces: Piece[] = [];
  const parser = parse({
    bom: true,
    columns: (header: string[]) => header.map(columnName),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: longestRecordBytes,
    on_skip: (error) => {
      pieces.push(bad(parser.info.lines, `not CSV: ${saidBy(error)}`));
      return undefined;
    },
  });
  try {
    for await (const row of through<Record<string, string>>(chunks, parser)) {
      pieces.push(good(row, sizeOf(row)));
      if (pieces.length < rowsAtOnce) continue;
      yield pieces;
      pieces = [];
    }
  } catch (error) {
    pieces.push(bad(parser.info.lines, `not CSV: ${saidBy(error)}; the rest of the file cannot be read`));
  }
  yield pieces;
}

/** The portal writes `TimeGenerated [UTC]`. */
function columnName(name: string): string {
  return name.replace(/ \[UTC\]$/, "").trim();
}

function sizeOf(row: Readonly<Record<string, string>>): number {
  return Object.values(row).reduce((size, cell) => size + cell.length, 0);
}
