/** A route of the tests' own: it counts how often it was done, slowly, and refuses when told to. */
import { z } from "zod";
import { defineRoute } from "../../../../shared/api/route.ts";

export const count = defineRoute({
  id: "xCount",
  method: "POST",
  path: "/x-count",
  summary: "Counts.",
  role: "Tourniquet.Operator",
  params: z.object({}),
  query: z.object({ loud: z.enum(["yes", "no"]).optional() }),
  body: z.object({
    note: z.string().min(1).max(200),
    refuse: z.boolean().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
  answer: { status: 202, description: "the count", schema: z.object({ done: z.int() }) },
  idempotent: true,
  location: true,
});
