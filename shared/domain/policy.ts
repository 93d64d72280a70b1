/** The policy: who may do what, how far, and what is never touched. `policy.yaml` is read into this; unknown keys are errors. */
import { z } from "zod";
import { Guid } from "./identity.ts";
import { Ceiling, Mode } from "./mode.ts";

/** Conditions a line may require before its `max` counts; unmet means `approve`. */
export const Requirement = z.enum(["high-risk", "credential-still-valid", "foreign-application"]);
export type Requirement = z.infer<typeof Requirement>;

/** `approve`, or `{ max: enforce, require: [high-risk] }`. */
export const Line = z
  .union([Ceiling, z.strictObject({ max: Ceiling, require: z.array(Requirement).default([]) })])
  .transform((line) => (typeof line === "string" ? { max: line, require: [] as Requirement[] } : line));
export type Line = z.infer<typeof Line>;

const positive = z.number().positive();
const count = z.number().int().nonnegative();

const Approval = z.strictObject({ expiresHours: positive.max(168), remindMinutes: z.array(positive).default([]) });

/** Any id of an identity: object id of the service principal or application, or appId. Never a name. */
const IdentityIds = z.array(Guid).default([]);

export const Impact = z.enum([
  "assigned-users",
  "client-apps",
  "delegated-grants",
  "sso",
  "app-proxy",
  "daily-use",
  "unknown",
]);
export type Impact = z.infer<typeof Impact>;

export const Policy = z.strictObject({
  version: z.literal(1),
  /** another tenant's record never acts here */
  tenantId: Guid,
  mode: Mode,
  stages: z.strictObject({ contain: Mode, eradicate: Mode }),
  /** by detection id; a detection without a line observes */
  detections: z.record(z.string(), Line),
  /** by riskEventType as Graph writes it; `unknown` stands for every type without a line */
  riskEventTypes: z.record(z.string(), Line),
  /** by riskLevel; `unknown` stands for every level without a line */
  riskLevels: z.record(z.string(), Line),
  freshness: z.strictObject({ riskHours: positive, auditMinutes: positive }),
  settle: z.strictObject({ addedCredentialMinutes: z.number().nonnegative() }),
  incident: z.strictObject({ quietHours: positive }),
  impact: z.strictObject({
    /** any of these asks a person before a disable */
    approveWhen: z.array(Impact),
    /** evidence classes (riskEventType or riskDetail) somebody has weighed already */
    overriddenBy: z.array(z.string()),
  }),
  blastRadius: z.strictObject({
    perHour: count,
    perDay: count,
    percent: z.number().min(0).max(100),
    freshIdentitiesPerHour: count,
    perPlaybookPerHour: count,
  }),
  approvals: z.strictObject({ contain: Approval, eradicate: Approval }),
  killSwitch: z.strictObject({ maxHours: positive }),
  protected: z.strictObject({
    /** never written to, by any playbook, approved or not */
    never: IdentityIds,
    /** written to only after a person approved */
    ask: IdentityIds,
  }),
});
export type Policy = z.infer<typeof Policy>;
