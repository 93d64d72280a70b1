/** Which identity an object id belongs to, as Graph says, deleted items included. */
import { z } from "zod";
import { Guid, type IdentityKey, type IdentityRef, identityKey, servicePrincipalKey } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { type ApiRequest, apiPath } from "../../ports/tenant.ts";
import { askAll } from "../snapshot/read-facts.ts";

export interface FoundIdentity {
  readonly ref: IdentityRef;
  readonly key: IdentityKey;
}

const DirectoryObject = z.looseObject({ id: Guid, appId: Guid.nullish(), "@odata.type": z.string().nullish() });

function get(path: string): ApiRequest {
  return { method: "GET", version: "v1.0", path, lane: "directory" };
}

/** Null: no service principal and no application of this tenant (yet). */
export async function lookUpObject(
  services: Services,
  tenantId: string,
  objectId: string,
): Promise<FoundIdentity | null | "unreadable"> {
  const principal = get(apiPath`/servicePrincipals/${objectId}?$select=id,appId`);
  const application = get(apiPath`/applications/${objectId}?$select=id,appId`);
  const deleted = get(apiPath`/directory/deletedItems/${objectId}`);
  const answers = await askAll(services, [principal, application, deleted]);
  for (const request of [principal, application, deleted]) {
    const answer = answers.get(request);
    // 400: Graph refuses ids that are no directory object's
    if (answer === undefined || (!answer.ok && answer.status !== 404 && answer.status !== 400)) return "unreadable";
    const object = answer.ok ? DirectoryObject.safeParse(answer.body) : null;
    if (object?.success !== true) continue;
    const isApplication = request === application || object.data["@odata.type"]?.endsWith(".application") === true;
    return foundAs(tenantId, object.data.id, object.data.appId ?? null, isApplication);
  }
  return null;
}

function foundAs(tenantId: string, id: string, appId: string | null, isApplication: boolean): FoundIdentity | null {
  const ref: IdentityRef = {
    tenantId,
    appId,
    servicePrincipalId: isApplication ? null : id,
    applicationObjectId: isApplication ? id : null,
  };
  if (appId !== null) return { ref, key: identityKey(tenantId, appId) };
  return isApplication ? null : { ref, key: servicePrincipalKey(tenantId, id) };
}
