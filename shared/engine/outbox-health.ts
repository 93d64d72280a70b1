/** Does what we say reach people? By channel: what waits, since when, and when it last took something. */
import { DueMessage } from "../domain/due.ts";
import { isoAt } from "../ports/clock.ts";
import type { Services } from "../ports/services.ts";
import type { StoredDueRow } from "../ports/stores.ts";

export interface ChannelHealth {
  /** notices that it did not take yet */
  readonly waiting: number;
  readonly oldest: { readonly at: string; readonly ageSeconds: number } | null;
  /** null: never, or longer ago than is kept */
  readonly lastSuccessAt: string | null;
  /** code of the last failure of what waits; null: nothing waits */
  readonly lastError: string | null;
}

/** Under this name the freshness of a tenant's channels is kept, beside that of its logs. */
export function channelsOf(tenantId: string): string {
  return `${tenantId}|channels`;
}

/** Notices that wait longer than this mean that nobody may have heard of them. */
const lateMs = 10 * 60_000;

/** By configured channel, and by those that something still waits for. Reads one row; what waits stands in the due rows. */
export async function outboxHealth(
  { clock, policy, stores, notifiers }: Pick<Services, "clock" | "policy" | "stores" | "notifiers">,
  due: readonly StoredDueRow[],
): Promise<{ readonly channels: Readonly<Record<string, ChannelHealth>>; readonly isLate: boolean }> {
  const lastTold = await stores.freshness.all(channelsOf(policy.tenantId));
  const now = clock.now();
  const waits = waitsIn(due);
  const ids = new Set([...notifiers.map(({ id }) => id), ...waits.keys()]);
  const channels = [...ids].map((id): [string, ChannelHealth] => {
    const { notices, since, error } = waits.get(id) ?? { notices: 0, since: null, error: null };
    const last = lastTold.get(id)?.last ?? null;
    const ageSeconds = since === null ? 0 : Math.max(0, Math.round((now - Date.parse(since)) / 1000));
    const oldest = since === null ? null : { at: since, ageSeconds };
    return [id, { waiting: notices, oldest, lastSuccessAt: last === null ? null : isoAt(last), lastError: error }];
  });
  const isLate = channels.some(([, { oldest }]) => oldest !== null && oldest.ageSeconds * 1000 > lateMs);
  return { channels: Object.fromEntries(channels), isLate };
}

interface Waits {
  readonly notices: number;
  readonly since: string | null;
  readonly error: string | null;
}

function waitsIn(due: readonly StoredDueRow[]): ReadonlyMap<string, Waits> {
  const all = new Map<string, Waits>();
  for (const { message } of due) {
    const parsed = DueMessage.safeParse(message).data;
    for (const [channel, one] of Object.entries(parsed?.kind === "deliver" ? (parsed.waits ?? {}) : {})) {
      const known = all.get(channel);
      const isOlder = known === undefined || known.since === null || one.since < known.since;
      all.set(channel, { ...(isOlder ? one : known), notices: (known?.notices ?? 0) + one.notices });
    }
  }
  return all;
}
