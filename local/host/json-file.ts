// Reads one of the app's JSON files, with an error that names the file.
import { readFileSync } from "node:fs";
import type { z } from "zod";

/** @throws Error naming the file when it is missing or no JSON */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON: is it there, and without comments?`, { cause });
  }
}

/** @throws Error naming the source and every problem with its path */
export function check<T extends z.ZodType>(schema: T, value: unknown, source: string): z.output<T> {
  const result = schema.safeParse(value);
  if (!result.success) throw new Error(`${source} is not valid:\n${prettify(result.error.issues)}`);
  return result.data;
}

function prettify(issues: readonly z.core.$ZodIssue[]): string {
  return issues.map((issue) => `- ${issue.path.join(".")}: ${issue.message}`).join("\n");
}
