/**
 * Delivers the notices of one identity: to the `outcomes` hub and to people, each at least once, each on its own, so that a
 * webhook that is down holds nothing else up. What could not be delivered stays and is due again.
 */
import { describeError } from "../../domain/errors.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import type { Notice, Standing } from "../../ports/outbox.ts";
import type { Services } from "../../ports/services.ts";
import { putDue } from "./due.ts";
import { shortMs } from "./expiry.ts";
import { Draft, loadPartition, type Partition, readAll } from "./partition.ts";
import { NoticeRow, rowKey } from "./rows.ts";

const againMs = 30_000;

/** An entity group transaction holds 100 rows at most. */
const atOnce = 100;

/** True: nothing is left to deliver. */
export async function deliverNotices(services: Services, key: IdentityKey): Promise<boolean> {
  const partition = await loadPartition(services.stores.identities, key);
  return deliverFrom(services, partition);
}

/**
 * A page must not stand in line behind the burst that it is about: delivered at once. What fails is not thrown, since the due row that
 * was put for it delivers it later.
 */
export async function deliverNow(services: Services, key: IdentityKey): Promise<void> {
  try {
    await deliverNotices(services, key);
  } catch (error) {
    services.logger.warn("Notices stay for the next delivery", { identity: key, error: describeError(error) });
  }
}

export async function deliverFrom(services: Services, partition: Partition): Promise<boolean> {
  const all = readAll(partition, "out|", NoticeRow).toSorted((a, b) =>
    a.value.notice.at < b.value.notice.at ? -1 : 1,
  );
  for (let from = 0; from < all.length; from += atOnce) {
    if (!(await deliverSome(services, partition, all.slice(from, from + atOnce)))) return false;
  }
  return true;
}

/** Oldest first. False: something of these stays, so those after them wait as well. */
async function deliverSome(
  services: Services,
  partition: Partition,
  rows: readonly { readonly id: string; readonly value: NoticeRow }[],
): Promise<boolean> {
  const unpublished = rows.filter(({ value }) => !value.published).map(({ value }) => value.notice);
  const untold = rows.filter(({ value }) => !value.notified).map(({ value }) => value.notice);
  const [published, notified] = await Promise.all([
    attempt(services, "outcomes hub", () => services.outcomes.publish(unpublished)),
    attempt(services, "notifier", () => tellPeople(services, untold)),
  ]);
  const isDelivered = published && notified;
  const draft = new Draft(partition);
  for (const { id, value } of rows) {
    if (isDelivered) draft.remove(rowKey.notice(id));
    else {
      const row: NoticeRow = {
        ...value,
        published: value.published || published,
        notified: value.notified || notified,
      };
      draft.put(rowKey.notice(id), row, services.clock.now() + shortMs);
    }
  }
  if (!isDelivered)
    await putDue(services, { kind: "deliver", identity: partition.key }, services.clock.now() + againMs);
  // A lost race means another delivery of the same rows: told twice at worst, with the same ids.
  const written = await draft.commit(services.stores.identities);
  return isDelivered && written;
}

/** One thread an incident, or an identity where there is none. */
async function tellPeople({ notifiers }: Services, notices: readonly Notice[]): Promise<void> {
  const threads = Map.groupBy(notices, ({ incidentId, identity }) => incidentId ?? identity.key);
  for (const notifier of notifiers) {
    for (const [thread, told] of threads)
      await notifier.tell({ thread, state: null, notices: told, standing: standingOf(told) });
  }
}

function standingOf([first]: readonly Notice[]): Standing {
  const identity = first?.identity ?? { key: "", appId: null, servicePrincipalId: null };
  return { status: "none", severity: first?.severity ?? "informational", identity, claimedName: null, waits: [] };
}

async function attempt(services: Services, where: string, deliver: () => Promise<void>): Promise<boolean> {
  try {
    await deliver();
    return true;
  } catch (error) {
    services.logger.warn("Notices could not be delivered and stay for the next try", {
      where,
      error: describeError(error),
    });
    return false;
  }
}
