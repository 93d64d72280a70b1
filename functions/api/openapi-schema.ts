/** zod → JSON Schema, draft 2020-12, which is OpenAPI 3.1's own dialect. */
import { z } from "zod";

/** `input`: what may be sent; `output`: what is answered. What has no JSON Schema (a transformation) allows anything. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    target: "draft-2020-12",
    unrepresentable: "any",
  });
  return rest;
}
