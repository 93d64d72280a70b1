/** Rows of text in columns; numbers stand at the right. */

export interface Column<Row> {
  readonly title: string;
  of(row: Row): string | number;
}

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly string[] {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => String(column.of(row)))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  const [firstRow] = rows;
  const isNumber = columns.map((column) => firstRow !== undefined && typeof column.of(firstRow) === "number");
  return cells.map((line) =>
    line
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
