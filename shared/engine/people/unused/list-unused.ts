/**
 * The listing of what nobody uses: everything that the last whole scan did not find plainly used, and whatever is under retirement or was
 * restored, though no scan names it now. It reads every page of the scan, and holds no more than one page of its own.
 */
import { type IdentityKey, keyOfRef } from "../../../domain/identity.ts";
import { isRetiring, type Retirement, type RetirementState } from "../../../domain/retirement.ts";
import type { JudgedIdentity, UseState } from "../../../domain/use.ts";
import { isoAt } from "../../../ports/clock.ts";
import { wordsOf } from "../../unused/words/words.ts";
import type { TableServices } from "../find-plan.ts";
import { type LastScan, lastScan } from "./last-scan.ts";
import { readRetirements } from "./retirements.ts";
import { type ShownOne, shownUnused } from "./shown-unused.ts";
import { unusedOf } from "./unused-of.ts";
import { cursorOf, firstFew, type Order, orderIn } from "./unused-order.ts";

export interface UnusedFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly use?: UseState | undefined;
  readonly state?: RetirementState | undefined;
}

interface Entry {
  readonly order: Order;
  readonly key: IdentityKey;
  readonly judged: JudgedIdentity | null;
  readonly retirement: Retirement | null;
}

export interface UnusedPage {
  readonly items: readonly ShownOne[];
  readonly nextCursor: string | null;
  /** ISO 8601 UTC at which the scan began; null: none was ever whole */
  readonly readAt: string | null;
}

/** Throws TerminalError `bad-cursor` for what we never gave out, and for a page of an earlier scan. */
export async function listUnused(services: TableServices, filter: UnusedFilter): Promise<UnusedPage> {
  const { limit, cursor } = filter;
  const [scan, retirements] = await Promise.all([lastScan(services), readRetirements(services)]);
  const scanId = scan?.scanId ?? "";
  const few = firstFew<Entry>(limit + 1, cursor === undefined ? null : orderIn(cursor, scanId));
  for await (const entry of entriesOf(scan, retirements)) if (fits(entry, filter)) few.offer(entry);
  const all = few.sorted();
  const page = all.slice(0, limit);
  const last = page.at(-1);
  const words = await wordsOf(services);
  const readAt = scan?.startedAt ?? null;
  const items = page.map(async (entry) => shownUnused(await unusedOf(services, entry, words, readAt), services.policy));
  return {
    items: await Promise.all(items),
    nextCursor: last !== undefined && all.length > limit ? cursorOf(last.order, scanId) : null,
    readAt: readAt === null ? null : isoAt(readAt),
  };
}

async function* entriesOf(
  scan: LastScan | null,
  retirements: ReadonlyMap<IdentityKey, Retirement>,
): AsyncGenerator<Entry> {
  const rest = new Map(retirements);
  for await (const judged of scan?.judged() ?? []) {
    const key = keyOfRef(judged.identity);
    if (key === null) continue;
    yield entryOf(key, judged, rest.get(key) ?? null);
    rest.delete(key);
  }
  for (const [key, retirement] of rest) yield entryOf(key, null, retirement);
}

function entryOf(key: IdentityKey, judged: JudgedIdentity | null, retirement: Retirement | null): Entry {
  const privileges = (judged ?? retirement)?.privileges.length ?? 0;
  const lastUsedAt = judged === null ? Date.parse(retirement?.lastUsedAt ?? "") : (judged.verdict.lastUsedAt ?? 0);
  return { order: [privileges, lastUsedAt || 0, key], key, judged, retirement };
}

/** What is over, and which no scan lists, only who asks for its state sees. */
function fits({ judged, retirement }: Entry, { use, state }: UnusedFilter): boolean {
  if (use !== undefined && judged?.verdict.state !== use) return false;
  if (state !== undefined) return retirement?.state === state;
  return judged !== null || (retirement !== null && (isRetiring(retirement) || retirement.state === "restored"));
}
