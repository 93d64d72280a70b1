/**
 * What is usual for one identity: small bounded sets of what was seen, each value with its first and last time. Learning is a merge of
 * sets by minimum and maximum, so that records may come twice, late and in any order; "new" is asked for a moment, so that a
 * redelivered record gets the answer it got before.
 */
import { z } from "zod";
import { hashId } from "./ids.ts";

export const Facet = z.enum([
  /** of sign-ins: `asn:64496`, and the address's network `net:203.0.113.0/24` or `net:2001:db8::/48` */
  "network",
  "country",
  /** appId, else service principal id, of the API */
  "resource",
  /** credential key ids it signed in with */
  "key",
  "credential-type",
  /** Conditional Access policies that stopped it, or would have: `blocked:id`, `would:id` */
  "conditional-access",
  /** `YYYY-MM-DD` on which it signed in */
  "day",
  /** failed sign-ins: hashes of record ids */
  "failure",
  /** of changes to it: key ids that were added */
  "key-added",
  /** hashes of federated tuples that it was seen with */
  "federated",
  /** hashes of federated tuples that we ourselves took away, and gave back */
  "federated-by-us",
  /** hashes of permissions, roles and grants it was given */
  "grant",
  /** ids of who changed it */
  "actor",
  /** `created:objectId` and `deleted:objectId` of its own objects */
  "life",
  /** of an actor: object ids of the service principals it created */
  "created",
]);
export type Facet = z.infer<typeof Facet>;

/** Facet `grant`: that somebody consented, whoever it was and to whatever. */
export const consentSeen = "consented";

/** How many values of a facet are kept: the last seen ones. Together at most about 300, well within one row of 32 KiB. */
export const mostValues: Readonly<Record<Facet, number>> = {
  network: 48,
  country: 16,
  resource: 32,
  key: 16,
  "credential-type": 8,
  "conditional-access": 12,
  day: 64,
  failure: 16,
  "key-added": 16,
  federated: 20,
  "federated-by-us": 8,
  grant: 32,
  actor: 16,
  life: 8,
  created: 16,
};

/** [first, last], epoch ms */
const Sighting = z.tuple([z.number(), z.number()]);
export type Sighting = z.infer<typeof Sighting>;

export const Baseline = z.object({
  /** epoch ms of the oldest sign-in that was seen; null: none */
  signInsSince: z.number().nullable(),
  /** epoch ms of the oldest change that was seen; null: none */
  changesSince: z.number().nullable(),
  seen: z.partialRecord(Facet, z.record(z.string(), Sighting)),
  /** epoch ms up to which values of a facet were dropped, there being too many: what is new among so many cannot be told */
  forgotten: z.partialRecord(Facet, z.number()),
});
export type Baseline = z.infer<typeof Baseline>;

export const emptyBaseline: Baseline = { signInsSince: null, changesSince: null, seen: {}, forgotten: {} };

/** One thing seen, at epoch ms. */
export interface Observation {
  readonly facet: Facet;
  readonly value: string;
  readonly at: number;
}

/** The text under which a value is kept: its hash where it is long, or means something to JavaScript. */
export function keptAs(value: string): string {
  return /^[\w:./|?-]{1,64}$/.test(value) && !(value in Object.prototype) ? value : `h:${hashId(value)}`;
}

/** Was there no sighting of the value before that moment? Null: cannot be told, some of the facet's values were dropped. */
export function isNewAt(baseline: Baseline, facet: Facet, value: string, at: number): boolean | null {
  const sighting = baseline.seen[facet]?.[keptAs(value)];
  if (sighting !== undefined && sighting[0] < at) return false;
  return baseline.forgotten[facet] === undefined ? true : null;
}

/** Values of a facet, as they are kept, with a sighting from `from` up to and with `to`, epoch ms. */
export function valuesWithin(baseline: Baseline, facet: Facet, from: number, to: number): readonly string[] {
  return Object.entries(baseline.seen[facet] ?? {})
    .filter(([, [first, last]]) => last >= from && first <= to)
    .map(([value]) => value);
}

/** Has it been watched signing in for so many days before that moment? Before that, everything is new and nothing is remarkable. */
export function isLearnedAt({ signInsSince }: Baseline, at: number, days: number): boolean {
  return signInsSince !== null && signInsSince <= at - days * 24 * 3600_000;
}
