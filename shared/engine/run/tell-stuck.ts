/** A due thing that fails again and again, and not for storage's or Graph's sake: a person looks, while it is tried on. */
import { type DueMessage, dueId } from "../../domain/due.ts";
import { refOfKey } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { nameUnder, tell } from "../rows/notices.ts";
import { Draft, loadPartition, type Partition } from "../rows/partition.ts";

/** The fifth look, and now and then after it. */
const toldAt = { first: 5, every: 20 };

export function isStuck(attempts: number): boolean {
  return attempts % toldAt.every === toldAt.first;
}

/** Answers the rows, with the notice among them, to be delivered. Throws what storage throws. */
export async function tellStuck(services: Services, message: DueMessage, problem: string): Promise<Partition> {
  const partition = await loadPartition(services.stores.identities, message.identity);
  const identity = refOfKey(message.identity);
  const planId = "planId" in message ? message.planId : null;
  const draft = new Draft(partition);
  tell(
    draft,
    {
      event: "due.stuck",
      about: [dueId(message)],
      severity: "critical",
      urgency: "page",
      identity,
      planId,
      message: `Stuck: ${message.kind} of ${nameUnder(partition.key, identity, null)} fails again and again: ${problem}`,
    },
    services.clock.now(),
  );
  await draft.commit(services.stores.identities);
  return partition;
}
