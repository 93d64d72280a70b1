/** Identities that nobody uses: what a scan found, how far their retirement has come, and what people say about it. */
import { z } from "zod";
import { IdentityKind } from "../domain/identity.ts";
import { RetirementState } from "../domain/retirement.ts";
import { CredentialVerdict, UseReason, UseState } from "../domain/use.ts";
import { Caller, Guid, Id, IdentityId, Instant, Reason } from "./fields.ts";
import { PageQuery, pageOf } from "./paging.ts";
import { defineRoute } from "./route.ts";

const params = z.object({ id: IdentityId });
const none = z.object({});

const Word = z.object({
  kind: z.enum(["keep", "hold", "release"]),
  by: Caller,
  reason: z.string(),
  at: Instant,
  until: Instant.nullable(),
  confirmed: z.boolean().describe("false: said as an owner, and Graph was not asked yet, or says otherwise"),
});

const Standing = z.object({
  state: RetirementState,
  since: Instant,
  because: z.string(),
  incidentId: Id,
  planIds: z.array(Id),
  owners: z.array(Guid),
  ownersReadAt: Instant.describe("when Graph named them"),
  next: z.object({ what: z.string(), at: Instant }).nullable().describe("what happens next, and not before when"),
});

const ShownUnused = z.object({
  identity: z.object({
    key: z.string(),
    appId: Guid.nullable(),
    servicePrincipalId: Guid.nullable(),
    applicationObjectId: Guid.nullable(),
    claimedName: z.string().nullable().describe("as the object claims; anybody chooses such a name"),
  }),
  kind: IdentityKind,
  use: UseState.nullable().describe(
    "as the last whole scan found it; null: it names only what is not plainly used, and this is not among them",
  ),
  reasons: z.array(UseReason),
  lastUsedAt: Instant.nullable().describe("null: no use is known, which is not the same as none"),
  windowDays: z.number().nullable(),
  unusedSince: Instant.nullable().describe("since when every scan has found it unused"),
  privileges: z.array(z.string()),
  credentials: z.array(CredentialVerdict),
  retirement: Standing.nullable(),
  word: Word.nullable().describe("what people said last"),
  trouble: z
    .string()
    .nullable()
    .describe(
      "why what people said does not hold, so that it is left alone until an operator says it anew; null: it does",
    ),
  readAt: Instant.nullable().describe("when the scan began that this is from; null: none was ever whole"),
});

/** What an owner is shown, whom no role lets see the rest. */
const ShownKeep = ShownUnused.pick({
  identity: true,
  lastUsedAt: true,
  unusedSince: true,
  windowDays: true,
  word: true,
  readAt: true,
}).extend({ retirement: Standing.omit({ incidentId: true, planIds: true }).nullable() });

const ShownScan = z.object({
  state: z.enum(["none", "requested", "running", "done", "failed"]),
  scanId: Id.nullable(),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  part: z.string().nullable().describe("what is being read"),
  pages: z.int().describe("read so far"),
  /** of the pages that the last whole scan needed; null: there was none */
  expectedPages: z.int().nullable(),
  reportOnly: z
    .string()
    .nullable()
    .describe("why nothing is begun on the word of this scan; null: its candidates may be"),
  counts: z.partialRecord(UseState, z.int()),
  missing: z.array(z.string()).describe("what could not be read, and counts as unknown"),
  failure: z.string().nullable(),
});

export const startScan = defineRoute({
  id: "startUnusedScan",
  method: "POST",
  path: "/unused/scan",
  summary: "Looks at once who is unused, without waiting for the night; one scan runs at a time.",
  role: "Tourniquet.Operator",
  params: none,
  query: none,
  body: z.object({}),
  answer: { status: 202, description: "asked for; `GET /unused/scan` says how far it is", schema: ShownScan },
  idempotent: true,
  location: true,
});

export const getScan = defineRoute({
  id: "getUnusedScan",
  method: "GET",
  path: "/unused/scan",
  summary: "How far the scan is, and what the last whole one found.",
  role: "Tourniquet.Reader",
  params: none,
  query: none,
  body: null,
  answer: {
    status: 200,
    description: "the scan in hand, and the last whole one",
    schema: z.object({ current: ShownScan, last: ShownScan.nullable() }),
  },
});

export const listUnused = defineRoute({
  id: "listUnused",
  method: "GET",
  path: "/unused",
  summary: "Everything that is not plainly used, with the reasons: unused, unknown, exempt, and what is being retired.",
  role: "Tourniquet.Reader",
  params: none,
  query: PageQuery.extend({
    use: UseState.exclude(["used"]).optional(),
    state: RetirementState.optional().describe("of the retirement"),
  }),
  body: null,
  answer: {
    status: 200,
    description: "the most privileged first, and of those the longest unused",
    schema: pageOf(ShownUnused).extend({
      readAt: Instant.nullable().describe("when the scan began that this is from; null: none was ever whole"),
    }),
  },
});

export const getUnused = defineRoute({
  id: "getUnused",
  method: "GET",
  path: "/unused/{id}",
  summary: "What is known of the use of one identity, how far its retirement is, and what people said.",
  role: "Tourniquet.Reader",
  params,
  query: none,
  body: null,
  answer: { status: 200, description: "as of the last whole scan", schema: ShownUnused },
});

const Said = z.object({ key: z.string(), word: Word });

export const keepUnused = defineRoute({
  id: "keepUnused",
  method: "POST",
  path: "/unused/{id}/keep",
  summary: "It is needed: counts as a use. An owner of the object may say so, or an operator.",
  role: "signed-in",
  params,
  query: none,
  body: z.object({ reason: Reason }),
  answer: {
    status: 202,
    description:
      "signed; nothing is done to it meanwhile. Of who is no operator, the writer asks Graph whether they own it",
    schema: Said,
  },
  idempotent: true,
  location: true,
});

export const keepPage = defineRoute({
  id: "keepUnusedPage",
  method: "GET",
  path: "/unused/{id}/keep",
  summary: "The page behind the link that owners get: what it is, since when nobody used it, and a button to keep it.",
  role: "signed-in",
  params,
  query: none,
  body: null,
  answer: {
    status: 200,
    description: "a page without anything from elsewhere; opening it changes nothing",
    schema: ShownKeep,
    contentTypes: ["text/html"],
  },
});

export const holdUnused = defineRoute({
  id: "holdUnused",
  method: "POST",
  path: "/unused/{id}/hold",
  summary: "Leaves it alone until a day, whatever its use.",
  role: "Tourniquet.Operator",
  params,
  query: none,
  body: z.object({ reason: Reason, until: z.iso.datetime({ offset: true }).describe("at most two years ahead") }),
  answer: { status: 200, description: "signed; holds at once", schema: Said },
  idempotent: true,
});

export const releaseUnused = defineRoute({
  id: "releaseUnused",
  method: "POST",
  path: "/unused/{id}/release",
  summary: "Ends what somebody said at run time (keep, hold); what the policy file holds stays held.",
  role: "Tourniquet.Admin",
  params,
  query: none,
  body: z.object({ reason: Reason }),
  answer: { status: 200, description: "signed; the next scan judges it anew", schema: Said },
  idempotent: true,
});

export const restoreUnused = defineRoute({
  id: "restoreUnused",
  method: "POST",
  path: "/unused/{id}/restore",
  summary:
    "Brings back what was retired: both objects, and what the receipts hold; it is never retired again by itself.",
  role: "Tourniquet.Operator",
  params,
  query: none,
  body: z.object({
    reason: Reason,
    dryRun: z.boolean().default(false).describe("says what would come back, and signs nothing"),
  }),
  answer: {
    status: 200,
    description: "what comes back, what never does, and the plan that does it",
    schema: z.object({
      planId: Id.nullable().describe("for `GET /runs/{id}`; null: a dry run"),
      takes: z.array(z.object({ planId: Id, index: z.int(), action: z.string(), at: Instant.nullable() })),
      lost: z.array(z.string()).describe("what never comes back"),
      stays: z.array(z.string()).describe("what was done and cannot be taken back at all"),
    }),
  },
  idempotent: true,
});
