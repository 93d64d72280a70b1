/** The scan as it lies in the ScanStore: one row for the tenant. Times are epoch ms. */
import { z } from "zod";
import { TerminalError } from "../../../domain/errors.ts";
import { UseState } from "../../../domain/use.ts";
import type { Services } from "../../../ports/services.ts";

/** What a scan reads, in this order. */
export const ScanPart = z.enum([
  "service-principals",
  "applications",
  "delegated-grants",
  "graph-permissions",
  "directory-roles",
  "sign-in-activities",
  "credential-activities",
]);
export type ScanPart = z.infer<typeof ScanPart>;

export const Missing = z.object({ part: ScanPart, why: z.string() });
export type Missing = z.infer<typeof Missing>;

const Counts = z.partialRecord(UseState, z.int());
export type Counts = z.infer<typeof Counts>;

const Progress = z.object({
  /** how often it was begun; what an earlier beginning left is never read */
  round: z.int(),
  /** of this round */
  pages: z.int(),
});

export const ScanInHand = z.object({
  scanId: z.string(),
  startedAt: z.number(),
  /** `judging`: everything is read */
  part: ScanPart.or(z.literal("judging")),
  /** the next page of the part, as Graph named it; null: its first one */
  cursor: z.string().nullable(),
  parts: z.partialRecord(ScanPart, Progress),
  missing: z.array(Missing),
  /** runs that got no page further, in a row */
  setbacks: z.int(),
  /** Graph asked to wait until then */
  notBefore: z.number(),
  judged: z.object({ pages: z.int(), counts: Counts }),
  /** of the last setback; null: none */
  failure: z.string().nullable(),
});
export type ScanInHand = z.infer<typeof ScanInHand>;

export const WholeScan = z.object({
  scanId: z.string(),
  startedAt: z.number(),
  endedAt: z.number(),
  /** that were read */
  pages: z.int(),
  counts: Counts,
  /** percent of the enabled applications that the sign-in report has a row of; null: there are none, or no report */
  coverage: z.number().nullable(),
  /** why nothing is begun on its word; null: its candidates may be */
  reportOnly: z.string().nullable(),
  missing: z.array(Missing),
});
export type WholeScan = z.infer<typeof WholeScan>;

export const ScanState = z.object({
  /** somebody wants one at once; null: nobody waits for one */
  requestedAt: z.number().nullable(),
  /** the first look at this row: a nightly scan begins the night after */
  since: z.number(),
  current: ScanInHand.nullable(),
  /** the newest one that could not be done; null: the newest was whole */
  failed: z.object({ scanId: z.string(), startedAt: z.number(), endedAt: z.number(), why: z.string() }).nullable(),
  last: WholeScan.nullable(),
  /** the sign-in logs of workloads: since when they come without a break, and when that was looked at last */
  watch: z.object({ since: z.number().nullable(), checkedAt: z.number().nullable() }),
  /** scans whose pages nobody reads any more */
  stale: z.array(z.string()),
  /** appIds that may be begun on the word of the last scan, the most urgent first, and key ids that may be proposed */
  candidates: z.array(z.string()),
  credentials: z.array(z.object({ appId: z.string(), keyId: z.string() })),
  /** who is being retired, and is not unused by the last scan's word: one sentence each */
  otherwise: z.array(z.object({ appId: z.string(), why: z.string() })),
  /** the caps are used up until then */
  beginAfter: z.number(),
  /** credentials that were proposed on the last day on which any was (`YYYY-MM-DD`, UTC) */
  proposed: z.object({ day: z.string(), count: z.int() }),
});
export type ScanState = z.infer<typeof ScanState>;

type Reading = Pick<Services, "policy" | "stores">;

export interface StoredState {
  readonly state: ScanState;
  readonly etag: string;
}

/** Null: nobody ever looked. Throws TerminalError `row-malformed`, and what the store throws. */
export async function readScanState({ policy, stores }: Reading): Promise<StoredState | null> {
  const stored = await stores.scans.get(policy.tenantId);
  if (stored === null) return null;
  const parsed = ScanState.safeParse(stored.value);
  if (parsed.success) return { state: parsed.data, etag: stored.etag };
  const message =
    "the row of the scan is not of its shape; delete the row `scan` of the table `scans`, and a scan begins anew";
  throw new TerminalError(message, { code: "row-malformed", cause: parsed.error });
}

export function newScanState(now: number): ScanState {
  return {
    requestedAt: null,
    since: now,
    current: null,
    failed: null,
    last: null,
    watch: { since: null, checkedAt: null },
    stale: [],
    candidates: [],
    credentials: [],
    otherwise: [],
    beginAfter: 0,
    proposed: { day: "", count: 0 },
  };
}

/** Verdicts and history outlive what was read, so they lie apart. */
export function verdictsOf(scanId: string): string {
  return `${scanId}.verdicts`;
}

/** Where the pages of a part lie. */
export function pagesName(part: ScanPart, { parts }: Pick<ScanInHand, "parts">): string {
  return `${part}.${parts[part]?.round ?? 1}`;
}

export function pagesRead({ parts }: Pick<ScanInHand, "parts">): number {
  return Object.values(parts).reduce((sum, { pages }) => sum + pages, 0);
}
