/** Labels that the record's own facts contradict: no rule is bent to fit them, and every one of them is shown. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const Disputed = z.strictObject({ recordId: z.string(), why: z.string() });
export type Disputed = z.infer<typeof Disputed>;

export function readDisputed(): readonly Disputed[] {
  const lines = readFileSync(new URL("./disputed.ndjson", import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => Disputed.parse(JSON.parse(line)));
}
