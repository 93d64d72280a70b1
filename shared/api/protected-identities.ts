/** What people protected at run time, beside what the policy file protects. */
import { z } from "zod";
import { Caller, Guid, IdentityId, Instant, Reason } from "./fields.ts";
import { defineRoute } from "./route.ts";

const How = z.enum(["never", "ask"]).describe("never: nobody may write to it, approved or not; ask: a person decides");

const Protected = z.strictObject({
  trouble: z
    .string()
    .nullable()
    .describe("the list was altered: every plan asks until an administrator writes it anew, beginning with none"),
  items: z.array(z.strictObject({ id: Guid, how: How, by: Caller, reason: z.string(), at: Instant })),
  policy: z
    .array(
      z.strictObject({
        id: Guid,
        how: How,
        people: z.int().describe("how many must approve"),
        changeable: z.literal(false).describe("only by the policy file, in a deployment"),
      }),
    )
    .describe("what the policy file protects by id; nothing here takes anything from it"),
});

const none = z.object({});
const params = z.object({
  id: IdentityId.describe("appId, or object id of the service principal or the application"),
});
const answer = { status: 200, schema: Protected } as const;

export const listProtectedIdentities = defineRoute({
  id: "listProtectedIdentities",
  method: "GET",
  path: "/protected-identities",
  summary: "Identities that are not written to, or only after a person approved, by their ids.",
  role: "Tourniquet.Reader",
  params: none,
  query: none,
  body: null,
  answer: { ...answer, description: "a custom security attribute may protect more" },
  etag: "answered",
});

export const putProtectedIdentity = defineRoute({
  id: "putProtectedIdentity",
  method: "PUT",
  path: "/protected-identities/{id}",
  summary: "Protects an identity; to protect it less than before takes an administrator.",
  role: "Tourniquet.Operator",
  params,
  query: none,
  body: z.object({ how: How, reason: Reason }),
  answer: { ...answer, description: "in force everywhere within 30 s; `If-Match` is honoured and not required" },
  etag: "answered",
});

export const deleteProtectedIdentity = defineRoute({
  id: "deleteProtectedIdentity",
  method: "DELETE",
  path: "/protected-identities/{id}",
  summary: "Takes back what the API itself protects; what the policy file protects stays so.",
  role: "Tourniquet.Admin",
  params,
  query: z.object({ reason: Reason }),
  body: null,
  answer: { ...answer, description: "what is protected now; `If-Match` is honoured and not required" },
  etag: "answered",
});
