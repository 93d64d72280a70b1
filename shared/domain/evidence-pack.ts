/**
 * The evidence pack: everything that is known of one incident in one signed file, for whoever has to show later what happened.
 * Strict, since a verifier must know every field that it vouches for. Holds no secret and no raw record.
 */
import { z } from "zod";
import { Finding, Severity } from "./finding.ts";
import { Guid, IdentityKind } from "./identity.ts";
import { LedgerEntry, SealedHead } from "./ledger.ts";
import { OutcomeStatus, Verification } from "./outcome.ts";
import { StageName, StageStatus } from "./plan.ts";

export const evidenceFormat = "tourniquet-evidence/1";

const nullableText = z.string().nullable();

/** Ids first; the name is attacker-chosen text. */
const EvidenceIdentity = z.strictObject({
  /** under which our tables keep it */
  key: z.string(),
  tenantId: z.string(),
  appId: nullableText,
  servicePrincipalId: nullableText,
  applicationObjectId: nullableText,
  /** as Graph said when we last looked, and when that was; null: nobody looked */
  kind: IdentityKind.nullable(),
  kindReadAt: nullableText,
  claimedName: nullableText,
});

const EvidenceIncident = z.strictObject({
  id: z.string(),
  /** `unreadable`: somebody edited its row, so that only its id is left */
  status: z.enum(["open", "closed", "unreadable"]),
  severity: Severity.nullable(),
  openedAt: nullableText,
  closedAt: nullableText,
  closedBecause: nullableText,
});

export const EvidenceApproval = z.strictObject({
  decision: z.enum(["approve", "deny"]).nullable(),
  /** name and object id; null, as all else here: the row cannot be read */
  by: nullableText,
  at: nullableText,
  reason: nullableText,
  expiresAt: nullableText,
  /** an administrator approved what they had asked for themselves, as policy allows at night */
  alone: z.boolean(),
  /** the frozen list it was given with, and how many plans that had */
  group: z.strictObject({ id: z.string(), members: z.int() }).nullable(),
  /** null: signed by our key, for this very stage; else why it is worth nothing */
  invalid: nullableText,
});
export type EvidenceApproval = z.infer<typeof EvidenceApproval>;

export const EvidenceStep = z.strictObject({
  /** over the whole plan */
  index: z.int().nonnegative(),
  action: z.string(),
  need: z.enum(["required", "optional"]),
  /** why the playbook plans it */
  why: z.string(),
  /** the applied step that this one takes back */
  undoes: z.strictObject({ planId: z.string(), index: z.int() }).nullable(),
  parameters: z.record(z.string(), z.unknown()),
  /** exactly what would be, or was, sent: method, path and body */
  requests: z.array(z.string()),
  /** the receipt: how it was, as kept before the first request left; null: nothing was kept */
  before: z.unknown(),
  /** null: there is no receipt */
  receiptSigned: z.boolean().nullable(),
  /** what was sent to change it; empty: nothing was changed */
  after: z.array(z.string()),
  outcome: OutcomeStatus.nullable(),
  reason: z.string(),
  /** ISO 8601 UTC: written before the first request left, and the outcome */
  intendedAt: nullableText,
  at: nullableText,
  /** ISO 8601 UTC at which it had ended, of a step that was taken back since: `at` and `requestIds` are then the undo's */
  endedAt: nullableText,
  /** Graph's own, by which Microsoft finds the request in its logs */
  requestIds: z.array(z.string()),
  /** every end that the ledger tells of, in order: what was taken back has two */
  endings: z.array(
    z.strictObject({
      seq: z.int(),
      at: z.string(),
      status: OutcomeStatus,
      reason: z.string(),
      requestIds: z.array(z.string()),
    }),
  ),
  /** what of it never comes back, one phrase each */
  neverBack: z.array(z.string()),
});
export type EvidenceStep = z.infer<typeof EvidenceStep>;

export const EvidenceStage = z.strictObject({
  stage: StageName,
  status: StageStatus,
  reasons: z.array(z.string()),
  mode: nullableText,
  /** so many different people must approve */
  people: z.int(),
  decidedBy: nullableText,
  askedAt: nullableText,
  expiresAt: nullableText,
  startedAt: nullableText,
  endedAt: nullableText,
  /** every read after the change, and what it said */
  verification: z.strictObject(Verification.shape).nullable(),
  approvals: z.array(EvidenceApproval),
  steps: z.array(EvidenceStep),
});
export type EvidenceStage = z.infer<typeof EvidenceStage>;

export const EvidencePlan = z.strictObject({
  id: z.string(),
  /** hash of the signed text: what an approval names */
  hash: z.string(),
  /** false: the row is not what we signed, so that nothing in it is sure and nothing of it runs */
  signed: z.boolean(),
  playbook: z.string(),
  version: z.int(),
  ordinal: z.int(),
  requestedBy: z.string(),
  createdAt: z.string(),
  findingIds: z.array(z.string()),
  stages: z.array(EvidenceStage),
});
export type EvidencePlan = z.infer<typeof EvidencePlan>;

const EvidenceReport = z.strictObject({
  at: z.string(),
  /** of the ledger's entry that holds it */
  seq: z.int(),
  event: z.string(),
  sentences: z.array(z.string()),
});

const sections = {
  /** who asked for the pack, when, and by which version of the app it was made */
  made: z.strictObject({ at: z.string(), by: z.string(), app: z.string(), version: z.string() }),
  incident: EvidenceIncident,
  identity: EvidenceIdentity,
  /** what in our tables is not as we wrote it; never left out */
  problems: z.array(z.strictObject({ where: z.string(), what: z.string() })),
  findings: z.array(z.strictObject(Finding.shape)),
  plans: z.array(EvidencePlan),
  /** what still works after what was done, and until when; worst case */
  residualAccess: z.array(z.strictObject({ where: z.string(), until: z.string(), why: z.string() })),
  /** as told to people */
  reports: z.array(EvidenceReport),
  notExamined: z.array(z.string()),
  related: z.array(
    z.strictObject({
      identity: z.string(),
      incidentId: z.string(),
      status: z.enum(["open", "closed"]),
      why: z.array(z.string()),
    }),
  ),
  ledger: z.array(LedgerEntry),
  /** heads of the ledger as signed and published to the `outcomes` hub */
  heads: z.array(SealedHead),
} as const;

export type SectionName = keyof typeof sections;
export const sectionNames = Object.keys(sections) as readonly SectionName[];

const Digest = z.string();

const EvidenceKey = z.strictObject({ id: z.string(), jwk: z.record(z.string(), z.unknown()) });
export type EvidenceKey = z.infer<typeof EvidenceKey>;

/** What the signature is over, in canonical JSON (RFC 8785). Nothing else that we sign has this shape. */
export const EvidenceManifest = z.strictObject({
  format: z.literal(evidenceFormat),
  tenantId: Guid,
  incidentId: z.string(),
  madeAt: z.string(),
  /** section → SHA-256 over its canonical JSON, base64url */
  sections: z.strictObject(Object.fromEntries(sectionNames.map((name) => [name, Digest]))) as unknown as z.ZodType<
    Record<SectionName, string>
  >,
  /** how many entries, and the hash of the last; of none the empty text */
  ledger: z.strictObject({ chain: z.string(), count: z.int().nonnegative(), head: z.string() }),
  /** what signed this pack, or heads in it; the first signs now */
  keys: z.array(EvidenceKey),
});
export type EvidenceManifest = z.infer<typeof EvidenceManifest>;

export const EvidenceSections = z.strictObject(sections);
export type EvidenceSections = z.infer<typeof EvidenceSections>;

export const EvidencePack = z.strictObject({
  format: z.literal(evidenceFormat),
  ...sections,
  manifest: EvidenceManifest,
  /** over the manifest, as our signatures are: `es256.<key id>.<base64url>` */
  signature: z.string(),
});
export type EvidencePack = z.infer<typeof EvidencePack>;
