/** Who did it, out of `initiatedBy`, which may be `{}`, a user, an application, or both with one of them null. */
import type { Actor } from "../domain/event.ts";
import { asGuid, asText, type Fields, field, isFields, structured } from "./fields.ts";

export const unknownActor: Actor = { kind: "unknown", id: null, appId: null, claimedName: null };

/**
 * A user wins over the application that acted for the user. An application is known by its service principal id:
 * `appId` is null in nearly every genuine record.
 */
export function readActor(initiatedBy: unknown): Actor {
  const by = structured(initiatedBy);
  if (!isFields(by)) return unknownActor;
  const user = objectOrNull(field(by, "user"));
  const app = objectOrNull(field(by, "app"));
  const appId = app === null ? null : asGuid(field(app, "appId"));
  if (user !== null && (app === null || asGuid(field(user, "id")) !== null)) {
    const claimedName = asText(field(user, "userPrincipalName")) ?? asText(field(user, "displayName"));
    return { kind: "user", id: asGuid(field(user, "id")), appId, claimedName };
  }
  if (app === null) return unknownActor;
  const id = asGuid(field(app, "servicePrincipalId"));
  return { kind: "workload", id, appId, claimedName: asText(field(app, "displayName")) };
}

function objectOrNull(value: unknown): Fields | null {
  return isFields(value) ? value : null;
}
