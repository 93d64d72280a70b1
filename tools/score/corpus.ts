/** The folder of real records and its labels: nobody on this project wrote them, and none is copied into it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Corpus {
  readonly folder: string;
  /** it holds `labels.ndjson` */
  readonly exists: boolean;
}

/** Where the records lie: TOURNIQUET_RECORDS, or beside the project. */
export function findCorpus(): Corpus {
  const folder = process.env.TOURNIQUET_RECORDS ?? join(root, "..", "shared", "records");
  return { folder, exists: existsSync(join(folder, "labels.ndjson")) };
}

/** What one record is, by somebody's reading: `TP`, `TN`, and what is neither. */
export const Label = z.object({
  file: z.string(),
  /** of the record in its file, from 0 */
  index: z.number().int(),
  /** the record's own; many have none */
  id: z.string().optional(),
  label: z.string(),
  /** an id of the catalogue; other rule sets' names for what is not in it */
  pattern: z.string(),
  why: z.string().default(""),
});
export type Label = z.infer<typeof Label>;

/** Throws an error that names the line which is no label. */
export function readLabels({ folder }: Corpus): readonly Label[] {
  const path = join(folder, "labels.ndjson");
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const label = Label.safeParse(parsed(line));
    if (label.success) return [label.data];
    throw new Error(`${path}:${i + 1} is no label: each line is JSON with file, index, label and pattern.`);
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Every file with records, as labels name them. */
export function corpusFiles({ folder }: Corpus): readonly string[] {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, "/"),
    );
  // beside the labels there are only pages for people
  return paths.filter((path) => path !== "labels.ndjson" && !/(^|\/)(README|LICENSE|NOTICE)[^/]*$/i.test(path)).sort();
}
