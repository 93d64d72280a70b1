/**
 * Rows of cells as CSV (RFC 4180). What others wrote must not become a formula where the file is opened, so a cell that a spreadsheet would
 * calculate begins with an apostrophe (owasp.org/www-community/attacks/CSV_Injection, which also names the full-width signs).
 */

/** Also after what is skipped or cannot be seen before it. */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cellOf).join(",")}\r\n`).join("");
}

/** As it lies in the file, unquoted. */
export function harmless(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

function cellOf(text: string): string {
  const safe = harmless(text);
  return /^[\w:.-]+(?: [\w:.-]+)*$/.test(safe) ? safe : `"${safe.replaceAll('"', '""')}"`;
}
