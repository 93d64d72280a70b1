/** What could not be read, and having it taken again. */
import { z } from "zod";
import { ReplayResult } from "../domain/dead-letter.ts";
import { Caller, Id, Instant } from "./fields.ts";
import { PageQuery, pageOf } from "./paging.ts";
import { defineRoute } from "./route.ts";

const DeadLetter = z.strictObject({
  id: z.string(),
  reason: z.string().describe("why, as a code"),
  detail: z.string().describe("why, and how to mend it"),
  category: z.string().nullable(),
  recordId: z.string().nullable(),
  origin: z
    .strictObject({ hub: z.string(), partition: z.string(), sequenceNumber: z.number(), index: z.int() })
    .describe("where the record lies, and which of its event it is"),
  sha256: z.string().nullable(),
  sizeBytes: z.int().nullable(),
  firstBytes: z.string().describe("at most 200 characters of what came: text of somebody else's choosing"),
  at: Instant,
  replay: z
    .strictObject({ at: Instant, by: Caller, result: ReplayResult, detail: z.string() })
    .nullable()
    .describe("the last time it was taken again; null: never"),
});

export const listDeadLetters = defineRoute({
  id: "listDeadLetters",
  method: "GET",
  path: "/dead-letters",
  summary: "Records that could not be read or resolved, newest first.",
  role: "Tourniquet.Reader",
  params: z.object({}),
  query: PageQuery.extend({
    reason: z.string().min(1).max(100).optional(),
    replayed: z.enum(["yes", "no"]).optional().describe("those that somebody had taken again, or the others"),
  }),
  body: null,
  answer: { status: 200, description: "one page", schema: pageOf(DeadLetter) },
});

export const replayDeadLetter = defineRoute({
  id: "replayDeadLetter",
  method: "POST",
  path: "/dead-letters/{id}/replay",
  summary: "Takes the record again from where it lies in its hub, if it is that very record.",
  role: "Tourniquet.Admin",
  params: z.object({ id: Id }),
  query: z.object({}),
  body: null,
  idempotent: true,
  answer: { status: 200, description: "the dead letter, with what became of it now", schema: DeadLetter },
});
