/** An Event Hubs batch as the trigger hands it over: bodies, and where each lies in its hub. */
import type { InvocationContext } from "@azure/functions";
import { z } from "zod";
import type { Delivery } from "../shared/engine/ingest/read-batch.ts";

const Metadata = z.looseObject({
  partitionContext: z.looseObject({ partitionId: z.coerce.string() }).optional(),
  /** numbers, or Long objects */
  sequenceNumberArray: z.array(z.unknown()).optional(),
  enqueuedTimeUtcArray: z.array(z.unknown()).optional(),
});

/** Missing metadata never loses an event: it only makes its place unknown (`?`, -1). */
export function deliveriesOf(
  hub: string,
  bodies: readonly unknown[],
  context: InvocationContext,
  now: number,
): Delivery[] {
  const metadata = Metadata.safeParse(context.triggerMetadata);
  const known = metadata.success ? metadata.data : {};
  const partition = metadata.data?.partitionContext?.partitionId ?? "?";
  return bodies.map((body, i) => {
    const sequenceNumber = Number(String(known.sequenceNumberArray?.[i] ?? -1));
    const enqueuedAt = Date.parse(String(known.enqueuedTimeUtcArray?.[i] ?? ""));
    return {
      body,
      enqueuedAt: Number.isFinite(enqueuedAt) ? enqueuedAt : now,
      origin: { hub, partition, sequenceNumber: Number.isFinite(sequenceNumber) ? sequenceNumber : -1 },
    };
  });
}
