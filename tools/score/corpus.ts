/** The folder of real records and its labels: nobody on this project wrote them, and none is copied into it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { TerminalError } from "../../shared/domain/errors.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Corpus {
  readonly folder: string;
  /** it holds `labels.ndjson` */
  readonly exists: boolean;
  /** somebody named it, and did not mean none */
  readonly named: boolean;
}

/** Where the records lie: TOURNIQUET_RECORDS, or beside the project. */
export function findCorpus(): Corpus {
  const named = process.env.TOURNIQUET_RECORDS;
  const folder = named ?? join(root, "..", "shared", "records");
  return { folder, exists: existsSync(join(folder, "labels.ndjson")), named: named !== undefined };
}

/** What one record is, by somebody's reading: `TP`, `TN`, and what is neither. */
export const Label = z.object({
  file: z.string(),
  /** of the record in its file, from 0 */
  index: z.number().int().nonnegative(),
  /** the record's own; many have none */
  id: z.string().optional(),
  label: z.string(),
  /** an id of the catalogue; other rule sets' names for what is not in it */
  pattern: z.string(),
  why: z.string().default(""),
});
export type Label = z.infer<typeof Label>;

/** Throws TerminalError `labels` that names the line which is no label, or says that there is none. */
export function readLabels({ folder }: Corpus): readonly Label[] {
  const path = join(folder, "labels.ndjson");
  const lines = readFileSync(path, "utf8").split("\n");
  const labels = lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const label = Label.safeParse(parsed(line));
    if (label.success) return [label.data];
    const [problem] = label.error.issues;
    const what = problem === undefined || problem.path.length === 0 ? "it is no JSON object" : problemText(problem);
    throw wrongLabels(`${path}:${i + 1} is no label: ${what}; each line is JSON with file, index, label and pattern.`);
  });
  if (labels.length === 0) throw wrongLabels(`${path} holds no label, so there is nothing to score.`);
  return labels;
}

function problemText({ path, message }: z.core.$ZodIssue): string {
  return `${path.join(".")}: ${message}`;
}

function wrongLabels(message: string): TerminalError {
  return new TerminalError(message, { code: "labels" });
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
