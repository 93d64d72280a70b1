/** Fields that several operations take or answer. */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";

/** Ids are 22 characters of base64url (`domain/ids.ts`). */
export const Id = z.string().regex(/^[\w-]{22}$/, "an id has 22 letters, digits, - and _");

/** By appId, or by the object id of a service principal or an application; a name decides nothing. */
export const IdentityId = z
  .string()
  .regex(
    /^(appId:)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
    "write `appId:` and a GUID, or the GUID of a service principal or an application; names decide nothing here",
  );

export const Reason = z
  .string()
  .trim()
  .min(1, "say why; it is kept with the decision")
  .max(2_000)
  .describe("why; it is signed with the decision");

/** ISO 8601 UTC. */
export const Instant = z.string();

export const Caller = z.string().describe("name and object id of a person or workload, or `tourniquet`");
export { Guid };
