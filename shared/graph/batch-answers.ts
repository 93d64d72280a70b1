/** The body of a `$batch` answer: answers in any order, each with status, headers and body of its own (json-batching). */
import { z } from "zod";
import type { RawAnswer } from "./answers.ts";

const BatchAnswers = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.coerce.number().int(),
      headers: z.record(z.string(), z.unknown()).nullish(),
      body: z.unknown(),
    }),
  ),
});

/** By id. Empty when the body is not a batch answer: then every request counts as unanswered. */
export function parseBatchAnswers(body: unknown): ReadonlyMap<string, RawAnswer> {
  const parsed = BatchAnswers.safeParse(body);
  if (!parsed.success) return new Map();
  return new Map(
    parsed.data.responses.map(({ id, status, headers, body: inner }) => [
      id,
      { status, body: inner ?? null, header: (name) => headerOf(headers ?? {}, name) },
    ]),
  );
}

function headerOf(headers: Readonly<Record<string, unknown>>, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return found === undefined ? null : String(found[1]);
}
