/**
 * Creates a service principal, disabled, for a malicious application that has none here: then nobody can consent to it, as one
 * is there already and may not sign in.
 */
import { z } from "zod";
import { TerminalError } from "../domain/errors.ts";
import { Guid } from "../domain/identity.ts";
import { type ApiRequest, apiPath, odataString } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";

/** Tells administrators what it is for, and us that it is still the one we made. */
const notes = "Created disabled by Tourniquet, so that nobody can consent to this application here.";

const Found = z
  .object({ id: Guid, appId: Guid, accountEnabled: z.boolean().nullable(), notes: z.string().nullish() })
  .nullable();

function readOf(appId: string): ApiRequest {
  const path = `/servicePrincipals(appId=${odataString(appId)})?$select=id,appId,accountEnabled,notes`;
  return { method: "GET", version: "v1.0", path, lane: "directory" };
}

/** @throws TerminalError when Graph answers for another application. */
function read(appId: string, snapshot: Snapshot): z.output<typeof Found> {
  const found = Found.parse(snapshot.body(readOf(appId)));
  if (found === null || found.appId === appId) return found;
  throw new TerminalError(`Graph answered for ${appId} with ${found.appId}`, { code: "wrong-object" });
}

export const createDisabledServicePrincipal = defineAction({
  id: "create-disabled-service-principal",
  summary:
    "Creates a disabled service principal for an application that has none here, so that nobody can consent to it.",
  parameters: z.strictObject({ appId: Guid }),
  receipt: z.object({ appId: z.string() }),
  impact: () => "reversible",
  /** Unknown is the kind of an application that nobody here has met: there is no object of it to be unknown about. */
  appliesTo: (kind) => kind === "unknown" || kind === "foreign",
  permissions: () => ["Application.ReadWrite.All"],
  reads: ({ appId }) => [readOf(appId)],
  isInPlace: ({ appId }, snapshot) => read(appId, snapshot)?.accountEnabled === false,
  keep: ({ appId }) => ({ appId }),
  requests({ appId }, snapshot) {
    if (snapshot.identity.appId !== appId) {
      throw new TerminalError(`${appId} is not the application that this plan is about`, { code: "wrong-object" });
    }
    const found = read(appId, snapshot);
    if (found === null) return [directoryWrite("POST", "/servicePrincipals", { appId, accountEnabled: false, notes })];
    if (found.accountEnabled === false) return [];
    throw new TerminalError(`service principal ${found.id} is there already and enabled; disable it instead`, {
      code: "already-there",
    });
  },
  revertReads: ({ appId }) => [readOf(appId)],
  revert({ appId }, snapshot) {
    const found = read(appId, snapshot);
    if (found === null) return { requests: [] };
    const isOurs = found.accountEnabled === false && found.notes === notes;
    if (!isOurs) return { conflict: `service principal ${found.id} is not as we made it any more` };
    return { requests: [directoryWrite("DELETE", apiPath`/servicePrincipals/${found.id}`)] };
  },
  lost: ({ appId }) => [`a bin without the service principal that was made for ${appId}: it stays there for 30 days`],
});
