/**
 * How far the retirement of one identity has come: a row of its partition, written by the writer, and by whoever files the finding.
 *
 *   (a scan finds it unused, for the dry period)
 *        └─> told ──notice over──> disabled ──quiet──> deleted ──30 days──> gone
 *             │                       │                   │
 *             ├──used, kept──> back   ├──sign of life──> asking ──a person──> deleted, or restored
 *             │                       └──restore──> restored <──restore──┘
 *             └──cancelled, denied──> back
 *
 * From told to deleted and in asking, whatever takes it out of our hands goes to back: enabled or restored by somebody, deleted by
 * somebody else, dismissed, contained. A restore of all goes to restored from wherever something of it was done.
 *
 * `back` and `restored` begin no second time by themselves: a use, a "keep" and a restore count as uses, and what was restored once is exempt.
 */
import { z } from "zod";
import { Guid } from "./identity.ts";
import { Owner } from "./use.ts";

export const RetirementState = z.enum(["told", "disabled", "asking", "deleted", "gone", "back", "restored"]);
export type RetirementState = z.infer<typeof RetirementState>;

export const Retirement = z.object({
  state: RetirementState,
  /** ISO 8601 UTC of the last change of state */
  since: z.string(),
  /** why it is there: one sentence */
  because: z.string(),
  incidentId: z.string(),
  /** plans in the order in which they were made */
  planIds: z.array(z.string()),
  /** ISO 8601 UTC, as the scan knew it; null: no use is known */
  lastUsedAt: z.string().nullable(),
  /** as Graph said when they were told */
  owners: z.array(Owner),
  ownersReadAt: z.string(),
  /** what was taken away with it, one phrase each: for the monthly summary */
  privileges: z.array(z.string()),
  toldAt: z.string(),
  disabledAt: z.string().nullable(),
  deletedAt: z.string().nullable(),
  restoredAt: z.string().nullable(),
  /** ISO 8601 UTC of the newest refused sign-in since the disable that people were told of */
  signOfLifeAt: z.string().nullable(),
});
export type Retirement = z.infer<typeof Retirement>;

const moves: Readonly<Record<RetirementState, readonly RetirementState[]>> = {
  told: ["disabled", "back", "restored"],
  disabled: ["asking", "deleted", "back", "restored"],
  asking: ["deleted", "back", "restored"],
  deleted: ["gone", "back", "restored"],
  /** what was restored from a deletion alone may still get its disable back */
  back: ["told", "restored"],
  gone: [],
  restored: [],
};

/** May a retirement go from one state to the other? */
export function mayGoOn(from: RetirementState, to: RetirementState): boolean {
  return moves[from].includes(to);
}

/** Is it still under way? */
export function isRetiring({ state }: Pick<Retirement, "state">): boolean {
  return state === "told" || state === "disabled" || state === "asking" || state === "deleted";
}

/** What a person said about retiring an identity: signed, and kept in the tenant's `unused` partition. */
export const UnusedWord = z.strictObject({
  tenantId: Guid,
  appId: Guid,
  kind: z.enum(["keep", "hold", "release"]),
  by: z.string().min(1),
  reason: z.string(),
  at: z.string(),
  /** of a hold, ISO 8601 UTC */
  until: z.string().nullable(),
  /** they hold no role: the writer asks Graph whether they own it, and until then the word only pauses */
  asOwner: z.boolean(),
});
export type UnusedWord = z.infer<typeof UnusedWord>;
