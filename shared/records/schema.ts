/** Reads the few fields of a record that a normaliser needs, whatever the case of their keys. */
import type { z } from "zod";
import { view } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, type RawRecord } from "./raw-record.ts";

export type Read<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly outcome: Normalised };

/** The schema's fields out of the record's `properties`; a dead letter that names every field which cannot be read. */
export function readProperties<S extends z.ZodObject>(raw: RawRecord, schema: S): Read<z.output<S>> {
  const parsed = schema.safeParse(view(raw.properties, Object.keys(schema.shape)));
  if (parsed.success) return { ok: true, data: parsed.data };
  const problems = parsed.error.issues.map((issue) => `properties.${issue.path.join(".")} ${issue.message}`);
  return { ok: false, outcome: deadLetter(raw.record, "schema", `${problems.join("; ")}.`) };
}
