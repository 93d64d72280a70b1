// The shape of a story's demands: on the tenant, judged by the twin and the clock alone, and on what the app said.
import { z } from "zod";
import { Name, Seconds, Stage, Text } from "./story-fields.ts";

const at = Name.default("end");
const Count = {
  exactly: z.int().min(0).optional(),
  atLeast: z.int().min(0).optional(),
  atMost: z.int().min(0).optional(),
};

export const TenantDemand = z.discriminatedUnion("that", [
  /** by the app, and it still is at the end; the seconds count from the first risk record, or from `after` */
  z.strictObject({
    that: z.literal("disabled"),
    identity: Name,
    withinSeconds: Seconds.optional(),
    after: Name.optional(),
    withoutPerson: z.boolean().default(true),
  }),
  z.strictObject({ that: z.literal("enabled"), identity: Name, at }),
  /** off, whoever did it */
  z.strictObject({ that: z.literal("off"), identity: Name, at }),
  z.strictObject({ that: z.literal("deactivated"), identity: Name, at }),
  /** how many of an identity with `copies` are off */
  z.strictObject({ that: z.literal("how-many-off"), identity: Name, at, ...Count }),
  /** the service principal is not there any more */
  z.strictObject({ that: z.literal("deleted"), identity: Name, at }),
  /** Identity Protection's view: `atRisk`, `confirmedCompromised`, `dismissed`, `none` (no risk known) */
  z.strictObject({ that: z.literal("risk"), identity: Name, state: z.string().min(1), at }),
  z.strictObject({ that: z.literal("present"), identity: Name, labels: z.array(Name).min(1), at }),
  z.strictObject({ that: z.literal("gone"), identity: Name, labels: z.array(Name).min(1), at }),
  /** token requests after the app's disable, or after a moment: the first is refused so, and none gets a token */
  z.strictObject({
    that: z.literal("refused"),
    identity: Name,
    with: Name.optional(),
    errorCode: z.int(),
    after: Name.optional(),
  }),
  /** token requests after a moment (default: from the beginning): the last one got a token */
  z.strictObject({ that: z.literal("served"), identity: Name, with: Name.optional(), after: Name.optional() }),
  z.strictObject({ that: z.literal("untouched"), identity: Name }),
  z.strictObject({ that: z.literal("nothing-written") }),
  /** how many changes the app sent; with `identity` those that name it, with `path` those whose path holds it */
  z.strictObject({
    that: z.literal("writes"),
    identity: Name.optional(),
    method: z.enum(["POST", "PUT", "PATCH", "DELETE"]).optional(),
    path: Text.optional(),
    /** left out: whatever came of them */
    effective: z.boolean().optional(),
    /** moments */
    after: Name.optional(),
    before: Name.optional(),
    ...Count,
  }),
  z.strictObject({ that: z.literal("within-description") }),
]);
export type TenantDemand = z.infer<typeof TenantDemand>;
export type Demanding<That extends TenantDemand["that"]> = Extract<TenantDemand, { readonly that: That }>;

const saying = {
  /** left out: of anything */
  identity: Name.optional(),
  event: z.string().min(1),
  stage: Stage.optional(),
  /** moments */
  after: Name.optional(),
  before: at,
  /** how loudly */
  urgency: z.enum(["digest", "chat", "page"]).optional(),
  /** dotted field of the event's data → what it is, or what the list there holds; texts may hold `{payroll.id}` */
  where: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
};

export const SaidDemand = z.discriminatedUnion("that", [
  z.strictObject({ that: z.literal("contained-by-rule"), identity: Name }),
  z.strictObject({ that: z.literal("said"), ...saying, ...Count }),
  z.strictObject({ that: z.literal("not-said"), ...saying }),
  /** a step of any of its plans ended so at least once: `applied`, `already-in-place`, `skipped`, … */
  z.strictObject({ that: z.literal("outcome"), identity: Name, action: z.string().min(1), status: z.string().min(1) }),
  /** the words of an event about it (default: the last report of containment) hold each of these, in any case */
  z.strictObject({
    that: z.literal("report-lists"),
    identity: Name,
    event: z.string().min(1).default("identity.contained"),
    stage: Stage.optional(),
    texts: z.array(Text).min(1),
  }),
]);
export type SaidDemand = z.infer<typeof SaidDemand>;
export type Saying<That extends SaidDemand["that"]> = Extract<SaidDemand, { readonly that: That }>;
