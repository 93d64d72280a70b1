/**
 * The policy: who may do what, how far, and what is never touched. `policy.yaml` is read into this; unknown keys are errors.
 * Descriptions are part of the generated JSON schema, so that an editor shows them.
 */
import { z } from "zod";
import { Approvals } from "./approvals-policy.ts";
import { Guid } from "./identity.ts";
import { Ceiling, Mode } from "./mode.ts";
import type { StageName } from "./plan.ts";
import { defaultRetirePolicy, RetirePolicy } from "./retire-policy.ts";
import { TrustedIssuer, TrustedLocations } from "./trusted.ts";

/** Conditions a line may require before its `max` counts; unmet means `approve`. */
export const Requirement = z.enum([
  "high-risk",
  "credential-still-valid",
  "foreign-application",
  /** of what undid our containment: a workload did it, or somebody who is behind other evidence of the incident */
  "workload-or-incident-actor",
]);
export type Requirement = z.infer<typeof Requirement>;

const LineBlock = z.strictObject({
  max: Ceiling,
  require: z.array(Requirement).default([]),
  unattendedEradication: z
    .array(z.string())
    .optional()
    .describe(
      "playbooks whose eradicate stage this evidence lets run without a person, whatever stages.eradicate says",
    ),
});

/** `approve`, or `{ max: enforce, require: [high-risk] }`. */
export const Line = z
  .union([Ceiling, LineBlock])
  .transform((line): z.output<typeof LineBlock> => (typeof line === "string" ? { max: line, require: [] } : line));
export type Line = z.infer<typeof Line>;

const positive = z.number().positive();
const count = z.number().int().nonnegative();

/** Any id of an identity: object id of the service principal or application, or appId. Never a name. */
const IdentityIds = z.array(Guid).default([]);

/** A custom security attribute: only who may assign attributes can set it, so an owner of the application cannot. */
const ProtectingAttribute = z.strictObject({
  set: z.string().min(1).describe("the attribute set"),
  name: z.string().min(1).describe("the attribute in it, on service principals"),
  never: z.array(z.string()).default([]).describe("values that mean: never written to"),
  ask: z.array(z.string()).default([]).describe("values that mean: written to only after a person approved"),
});

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

/** Thresholds of detections. The defaults suit most tenants. */
export const Tuning = z.strictObject({
  learningDays: positive
    .max(90)
    .default(14)
    .describe("days for which an identity is watched before anything new about it is remarkable"),
  forgetDays: positive.max(400).default(180).describe("days after which what was not seen again is new again"),
  failedSignIns: z
    .strictObject({ count: z.number().int().min(2).max(16), minutes: positive.max(1440) })
    .default({ count: 10, minutes: 60 })
    .describe("so many failed sign-ins of one identity in so many minutes are told"),
  createdTogether: z
    .strictObject({ count: z.number().int().min(2).max(16), minutes: positive.max(1440) })
    .default({ count: 4, minutes: 10 })
    .describe("so many service principals created by one actor in so many minutes are a burst"),
  usedAtOnceMinutes: positive.max(1440).default(30).describe("minutes in which a new credential is used `at once`"),
  shortLivedMinutes: positive.max(1440).default(10).describe("minutes a short-lived service principal lives at most"),
  silence: z
    .strictObject({ factor: z.number().min(1).max(100), atLeastMinutes: positive.max(10080) })
    .default({ factor: 3, atLeastMinutes: 60 })
    .describe("a log is silent after so many times its longest usual gap, and never before so many minutes"),
});
export type Tuning = z.infer<typeof Tuning>;
export const defaultTuning: Tuning = Tuning.parse({});

export const Policy = z
  .strictObject({
    version: z.literal(1).describe("the version of this file's format"),
    tenantId: Guid.describe("the only tenant we act in; a record of another one becomes a dead letter"),
    mode: Mode.describe("the most anything may do; every other line can only tighten it"),
    stages: z.strictObject({
      contain: Mode.describe("what stops the identity and can be undone"),
      eradicate: Mode.describe("what removes its credentials for good"),
      retire: Mode.default("observe").describe(
        "what disables and deletes identities that nobody uses, and credentials",
      ),
    }),
    detections: z.record(z.string(), Line).describe("by detection id; a detection without a line observes"),
    riskEventTypes: z
      .record(z.string(), Line)
      .describe("by riskEventType as Graph writes it; `unknown` stands for every type without a line"),
    riskLevels: z.record(z.string(), Line).describe("by riskLevel; `unknown` stands for every level without a line"),
    tuning: Tuning.default(defaultTuning).describe("thresholds of detections"),
    trustedLocations: TrustedLocations.optional().describe("where identities may sign in from"),
    trustedIssuers: z
      .array(TrustedIssuer)
      .optional()
      .describe("federated credentials within these are information only"),
    freshness: z
      .strictObject({
        riskHours: positive.describe("for risk, in hours"),
        auditMinutes: positive.describe("for audit records, in minutes"),
      })
      .describe("evidence older than this asks a person"),
    settle: z.strictObject({
      addedCredentialMinutes: z
        .number()
        .nonnegative()
        .describe("minutes a rotation gets to finish before an added credential is touched"),
    }),
    incident: z.strictObject({
      quietHours: positive.describe("hours without news after which a finished incident closes"),
    }),
    impact: z.strictObject({
      approveWhen: z
        .array(Impact)
        .describe("what depends on the identity: any of these asks a person before a disable"),
      overriddenBy: z
        .array(z.string())
        .describe("evidence (riskEventType or riskDetail) whose impact somebody weighed already"),
    }),
    blastRadius: z
      .strictObject({
        perHour: count.describe("disables in one hour, all playbooks together"),
        perDay: count.describe("disables in one day, all playbooks together"),
        percent: z
          .number()
          .min(0)
          .max(100)
          .describe("of the enabled service principals that are not Microsoft's; never below one"),
        reservedForTier0: count
          .default(0)
          .describe("of these places, kept for tier-0 identities and critical findings"),
        freshIdentitiesPerHour: count.describe("disables of identities younger than 7 days, counted apart"),
        perPlaybookPerHour: count.describe("disables in one hour by one playbook, those of kept places apart"),
        oneActorBurst: z
          .strictObject({ findings: z.number().int().min(2), minutes: positive.max(1440) })
          .optional()
          .describe("so many findings by one actor in so many minutes ask: the actor is to be contained, not its bait"),
      })
      .describe("how many identities are disabled without a person; what a person approves is not counted"),
    breaker: z
      .strictObject({
        humanReverts: z.number().int().positive().describe("so many of our disables taken back by people"),
        hours: positive.max(168).describe("within so many hours"),
        to: z.enum(["observe", "approve"]).describe("lower the mode to this until the time is over"),
      })
      .optional()
      .describe("we were wrong more than once: stop guessing"),
    deactivation: z
      .strictObject({
        removeOwnersFirst: z
          .boolean()
          .describe(
            "take every owner from a home application before it is deactivated for all tenants: owners may activate it again; takes Directory.Read.All besides",
          ),
      })
      .default({ removeOwnersFirst: false })
      .describe("how a home application that other tenants use is switched off for all of them"),
    approvals: Approvals,
    conditionalAccess: z
      .strictObject({
        policyId: Guid.describe(
          "object id of a Conditional Access policy that blocks service principals for all resources",
        ),
      })
      .optional()
      .describe("keep that policy's list: the contained single-tenant applications, and nobody else"),
    retire: RetirePolicy.default(defaultRetirePolicy).describe("identities that nobody uses"),
    killSwitch: z.strictObject({
      maxHours: positive.describe("hours after which the switch falls off by itself"),
    }),
    protected: z.strictObject({
      never: IdentityIds.describe("never written to, by any playbook, approved or not"),
      ask: IdentityIds.describe("written to only after a person approved"),
      twoPeople: IdentityIds.describe(
        "written to only after people approved: two, while approvals.twoPeople has own-pipeline",
      ),
      tier0: IdentityIds.describe("tier-0 identities, beside those that hold tier-0 permissions"),
      tierFile: z
        .string()
        .min(1)
        .optional()
        .describe(
          "an export of privileged objects by EntraOps (JSON), beside this file: its ControlPlane objects are tier 0",
        ),
      attribute: ProtectingAttribute.optional().describe("a custom security attribute that protects; unreadable asks"),
    }),
  })
  .describe("Tourniquet's policy");
export type Policy = z.infer<typeof Policy>;

/** How far the policy lets a stage go. Taking back what we did is what a person asked for by name: no mode holds it. */
export function stageMode({ stages }: Policy, stage: StageName): Mode {
  return stage === "undo" ? "enforce" : stages[stage];
}

export type Patience = Policy["approvals"]["contain" | "eradicate" | "retire"];

/** How long a stage that waits for people waits, when they are reminded, and what their silence means. */
export function patienceOf({ approvals }: Policy, stage: StageName): Patience {
  return stage === "undo" ? approvals.contain : approvals[stage];
}
