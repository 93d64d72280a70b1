/** What became of people's requests, kept where they lie, so that whoever asked finds the plan, or why there is none. */
import type { StartRequest } from "../../domain/approval.ts";
import { keyOfRef } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { historyMs } from "../rows/expiry.ts";
import { tell } from "../rows/notices.ts";
import { Draft, loadPartition, type Partition, read } from "../rows/partition.ts";
import { rowKey, type StartOutcome, StartRow } from "../rows/rows.ts";

export interface Asked {
  readonly id: string;
  readonly request: StartRequest;
}

/** Rows as they are now: filing has changed some of them. `outcomes`: one for each of `asked`. False: look again. */
export async function settleRequested(
  services: Services,
  from: Partition,
  asked: readonly Asked[],
  outcomes: readonly StartOutcome[],
): Promise<boolean> {
  if (asked.length === 0) return true;
  const now = services.clock.now();
  const draft = new Draft(await loadPartition(services.stores.identities, from.key));
  for (const [i, one] of asked.entries()) {
    const row = read(draft.partition, rowKey.start(one.id), StartRow);
    const outcome = outcomes[i];
    if (row === null || outcome === undefined) continue;
    draft.put(rowKey.start(one.id), { ...row, outcome } satisfies StartRow, now + historyMs);
    if (outcome.state === "refused") tellRefused(draft, one, outcome.why, now);
  }
  return draft.commit(services.stores.identities);
}

function tellRefused(draft: Draft, { id, request }: Asked, why: string, now: number): void {
  const { tenantId, identity, playbook, by } = request;
  const subject = { tenantId, appId: identity.appId, servicePrincipalId: identity.objectId, applicationObjectId: null };
  tell(
    draft,
    {
      event: "start.refused",
      about: [id],
      severity: "medium",
      urgency: "chat",
      identity: subject,
      message: `${playbook}, asked for by ${by} for ${keyOfRef(subject)}, was not started: ${why}`,
      data: { playbook, by, why },
    },
    now,
  );
}
