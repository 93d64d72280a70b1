/** Reads the generated catalog as its reader does: the first table under a heading, cells without their code marks. */

export function tableUnder(page: string, heading: string): readonly (readonly string[])[] {
  const [, section = ""] = page.split(`### ${heading}\n`);
  const [upToNext = ""] = section.split("\n#");
  const lines = upToNext.split("\n");
  const from = lines.findIndex((line) => line.startsWith("| "));
  const after = lines.slice(from).findIndex((line) => !line.startsWith("| "));
  const rows = from < 0 ? [] : lines.slice(from, after < 0 ? undefined : from + after);
  return rows.map((line) => line.slice(2, -2).replaceAll("`", "").split(" | "));
}
