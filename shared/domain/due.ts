/** One due thing: what the writer is woken for. The message only wakes; what is to do is read from the state. */
import { z } from "zod";
import { StageName } from "./plan.ts";

export const DueMessage = z.discriminatedUnion("kind", [
  /** a stage to start, to resume or to verify: which, its state says */
  z.object({
    kind: z.literal("stage"),
    identity: z.string(),
    planId: z.string(),
    stage: StageName,
    verifies: z.boolean(),
  }),
  /** an object id nobody knows yet */
  z.object({ kind: z.literal("resolve"), identity: z.string() }),
  /** notices that could not be delivered, or that no other due thing will deliver */
  z.object({
    kind: z.literal("deliver"),
    identity: z.string(),
    /** by channel: how many it failed to take, since when (ISO 8601 UTC), and the code of the last error */
    waits: z.record(z.string(), z.object({ notices: z.int(), since: z.string(), error: z.string() })).optional(),
  }),
  /** is the breaker still tripped? */
  z.object({ kind: z.literal("breaker"), identity: z.string() }),
  /** the risk was cleared: is the incident over by that? */
  z.object({ kind: z.literal("clear"), identity: z.string() }),
  /** is the incident over? */
  z.object({ kind: z.literal("close"), identity: z.string() }),
  /** how does the retirement of what nobody used stand: used again, kept, or time for its next stage? */
  z.object({ kind: z.literal("retirement"), identity: z.string() }),
  /** does the Conditional Access block policy list who is contained? */
  z.object({ kind: z.literal("conditional-access"), identity: z.string() }),
]);
export type DueMessage = z.infer<typeof DueMessage>;

/** Names the due thing, so that putting it twice is one row. */
export function dueId(message: DueMessage): string {
  if (message.kind === "stage") return `stage|${message.identity}|${message.planId}|${message.stage}`;
  return `${message.kind}|${message.identity}`;
}

const stagePriority: Readonly<Record<StageName, number>> = { undo: 0, contain: 1, eradicate: 3, retire: 4 };

/** Lower runs first: undo, then contain and who an id is, then verification, then eradicate, then the rest, what nobody uses last. */
export function priority(message: DueMessage): number {
  if (message.kind === "stage") return message.verifies ? 2 : stagePriority[message.stage];
  if (message.kind === "conditional-access" || message.kind === "retirement") return 5;
  return message.kind === "resolve" ? 1 : 4;
}
