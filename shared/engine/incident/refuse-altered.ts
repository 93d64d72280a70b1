/** Requests to start something that somebody wrote or moved who may only edit the tables: put away, and said to people. */
import { refOfKey } from "../../domain/identity.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { putDue } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { nameUnder, tell } from "../rows/notices.ts";
import { Draft, type Partition } from "../rows/partition.ts";
import { rowKey, SignedRow, type StartRow } from "../rows/rows.ts";

/** Once for each: a row with an outcome is history. Rows that changed meanwhile are met again at the next look. */
export async function refuseAltered(services: Services, partition: Partition, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { clock, logger, stores } = services;
  const now = clock.now();
  const why = "its row was altered after it was signed, or was signed for another identity";
  const draft = new Draft(partition);
  for (const id of ids) {
    const { value } = partition.rows.get(rowKey.start(id)) ?? { value: null };
    const signed = SignedRow.safeParse(value).data ?? { payload: JSON.stringify(value), signature: "" };
    const outcome = { state: "refused" as const, why, at: isoAt(now) };
    draft.put(rowKey.start(id), { ...signed, outcome } satisfies StartRow, now + historyMs);
    tellAltered(draft, id, now);
  }
  logger.error("A request to start a playbook is not followed: its row is not as we signed it", { ids: ids.join() });
  await putDue(services, { kind: "deliver", identity: partition.key }, now);
  await draft.commit(stores.identities);
}

function tellAltered(draft: Draft, id: string, now: number): void {
  const identity = refOfKey(draft.partition.key);
  const name = nameUnder(draft.partition.key, identity, null);
  tell(
    draft,
    {
      event: "start.altered",
      about: [id],
      severity: "critical",
      urgency: "page",
      identity,
      message: `A request to start a playbook was altered after it was signed, or copied here; it is not followed, and somebody has write access to our tables: ${name}`,
      data: { requestId: id },
    },
    now,
  );
}
