/** Reading what is known of one identity. */
import { z } from "zod";
import { Footholds } from "../domain/footholds.ts";
import { IdentityKind } from "../domain/identity.ts";
import { Caller, IdentityId, Instant } from "./fields.ts";
import { defineRoute } from "./route.ts";
import { incidentFields } from "./show-incidents.ts";
import { identityIds } from "./shown.ts";

const Kind = z.strictObject({
  kind: IdentityKind,
  managedIdentity: z
    .strictObject({ userAssigned: z.boolean().nullable(), resourceId: z.string().nullable() })
    .nullable(),
  publisherVerified: z.boolean().nullable(),
  tierZero: z.boolean().nullable().describe("may what it holds take the tenant? null: not known"),
  readAt: Instant.describe("when Microsoft Graph first said so; it is looked at again with every plan"),
});

const Protection = z.strictObject({
  protections: z.array(
    z.strictObject({
      how: z.enum(["never", "ask", "two-people"]),
      id: z.string(),
      list: z.enum(["policy", "people"]),
      by: Caller.nullable(),
      reason: z.string().nullable(),
      at: Instant.nullable(),
    }),
  ),
  listAltered: z
    .boolean()
    .describe("the list of what people protected was edited behind our back: every plan asks until it is mended"),
  attribute: z
    .string()
    .nullable()
    .describe("the custom security attribute that may protect it besides; it is read before anything is written"),
  tierZero: z.strictObject({ is: z.boolean().nullable().describe("null: not known"), why: z.string() }),
});

const IdentityDetail = z.strictObject({
  ...identityIds,
  hint: z.string().nullable().describe("why this is little, and how to have more read; null: the writer has looked"),
  kind: Kind.nullable().describe("null: nobody has looked"),
  footholds: Footholds.nullable().describe(
    "what it can be used by and what it holds; a part that is not there was not looked at",
  ),
  notLookedAt: z.array(z.string()).describe("parts of the footholds that nobody has read: unknown is not none"),
  changedSince: z
    .array(z.strictObject({ planId: z.string(), action: z.string(), at: Instant }))
    .describe("what we changed after the footholds were read"),
  dependencies: z
    .array(
      z.strictObject({
        readAt: Instant,
        lastUsedAt: Instant.nullable(),
        appProxy: z.boolean().nullable(),
        createdAt: Instant.nullable(),
      }),
    )
    .describe("readings of the nightly timer, newest first"),
  protection: Protection,
  baseline: z
    .strictObject({
      signInsSince: Instant.nullable(),
      changesSince: Instant.nullable(),
      lastSignInDay: z.string().nullable(),
      networks: z.int(),
      countries: z.int(),
      resources: z.int(),
      credentials: z.int(),
    })
    .nullable()
    .describe("what is usual for it, in short; null: nothing was learned"),
  disabledByUs: z
    .strictObject({ planId: z.string(), appliedAt: Instant })
    .nullable()
    .describe("our newest disable that nobody took back through us"),
  incidents: z.array(z.strictObject({ ...incidentFields, findings: z.int(), plans: z.int() })),
});

export const getIdentity = defineRoute({
  id: "getIdentity",
  method: "GET",
  path: "/identities/{id}",
  summary: "One identity: kind, footholds, what depends on it, protection and history, each with its age.",
  role: "Tourniquet.Reader",
  params: z.object({ id: IdentityId }),
  query: z.object({}),
  body: null,
  answer: {
    status: 200,
    description: "what is known, which may be nothing: Microsoft Graph is not asked",
    schema: IdentityDetail,
  },
});
