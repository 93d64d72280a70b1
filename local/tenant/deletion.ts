/** Soft delete, restore and hard delete: what goes for good at once, what waits 30 days, what nobody may bring back. */

import { emitAudit, namesOf } from "./audit-records.ts";
import { agentTypeOf } from "./authorization.ts";
import { type Call, denied, failure, noContent, notFound, type Reply } from "./call.ts";
import { dayMs } from "./time.ts";
import type { Application, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

type Deletable = Application | ServicePrincipal;
type Origin = Pick<Call, "actor" | "ip" | "userAgent" | "correlationId">;

export function isApplication(value: Deletable): value is Application {
  return "publisherDomain" in value;
}

function emit(world: World, origin: Origin, object: Deletable, activity: string): void {
  const principal = isApplication(object) ? null : object;
  emitAudit(world, origin, {
    activity,
    operationType: activity.startsWith("Restore") ? "Update" : "Delete",
    targets: [
      {
        id: object.id,
        displayName: object.displayName,
        type: principal ? "ServicePrincipal" : "Application",
        modifiedProperties: principal ? [namesOf(principal)] : [],
      },
    ],
    appId: object.appId,
  });
}

/** Grants, assignments, roles and federated credentials do not wait with the object: they are gone at once. */
function forget(world: World, id: string): void {
  const { assignments, grants, federatedCredentials, roles } = world.directory;
  for (const one of assignments.present((a) => a.principalId === id || a.resourceId === id, id)) {
    assignments.remove(one.id);
  }
  for (const one of grants.present((a) => a.clientId === id || a.resourceId === id, id)) grants.remove(one.id);
  for (const one of federatedCredentials.present((a) => a.applicationId === id, id)) {
    federatedCredentials.remove(one.id);
  }
  for (const one of roles.holdings.present((a) => a.principalId === id)) roles.holdings.remove(one.id);
}

const keptDays = 30;

/** What was deleted 30 days ago is gone for good, by nobody's call and without a record. */
export function emptyBin(world: World): void {
  const { deleted } = world.directory;
  const oldest = world.now() - keptDays * dayMs;
  for (const one of deleted.present((each) => Date.parse(each.deletedDateTime ?? "") <= oldest)) deleted.remove(one.id);
}

/** Takes an object out of its list and into the deleted items, with its record. */
export function softDelete(world: World, origin: Origin, object: Deletable): void {
  const { applications, servicePrincipals, deleted } = world.directory;
  (isApplication(object) ? applications : servicePrincipals).remove(object.id);
  deleted.put({ ...object, deletedDateTime: new Date(world.now()).toISOString() });
  forget(world, object.id);
  emit(world, origin, object, isApplication(object) ? "Delete application" : "Remove service principal");
}

/** Managed identities are Azure's: customers can look at deleted ones, nothing else. */
function isOutOfReach(object: Deletable): boolean {
  return !isApplication(object) && object.servicePrincipalType === "ManagedIdentity";
}

/** Restoring an application does not restore its service principal: both need a call of their own. */
export function restoreDeleted(world: World, call: Call): Reply {
  const id = (call.params["directoryObject-id"] ?? "").toLowerCase();
  const { deleted, applications, servicePrincipals, servicePrincipalByAppId } = world.directory;
  emptyBin(world);
  const found = deleted.latest(id);
  if (!found) return notFound(id);
  if (isOutOfReach(found)) return denied();
  const back = { ...found, deletedDateTime: null };
  if (isApplication(back)) applications.put(back);
  else {
    if (servicePrincipals.latest(servicePrincipalByAppId.get(back.appId) ?? "")) {
      const message = `The service principal name ${back.appId} is already in use.`;
      return failure(409, "Request_MultipleObjectsWithSameKeyValue", message);
    }
    servicePrincipals.put(back);
    if (!world.gate.suspended) servicePrincipalByAppId.set(back.appId, back.id);
  }
  deleted.remove(id);
  emit(world, call, back, isApplication(back) ? "Restore application" : "Restore service principal");
  const name = isApplication(back) ? "application" : "servicePrincipal";
  return { status: 200, body: { "@odata.type": `#microsoft.graph.${name}`, ...back } };
}

/** The capital D differs between the two activities, in the reference as in the data. */
export function purgeDeleted(world: World, call: Call): Reply {
  const id = (call.params["directoryObject-id"] ?? "").toLowerCase();
  emptyBin(world);
  const found = world.directory.deleted.latest(id);
  if (!found) return notFound(id);
  // Hard delete of a blueprint principal by Graph is blocked (cascade deletion of agent identities).
  if (isOutOfReach(found) || agentTypeOf(found) === "agentIdentityBlueprintPrincipal") return denied();
  world.directory.deleted.remove(id);
  emit(world, call, found, isApplication(found) ? "Hard Delete application" : "Hard delete service principal");
  return noContent;
}
