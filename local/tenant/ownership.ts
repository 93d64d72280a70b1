/** Owners of applications and service principals, and what a service principal owns itself. */
import { onApplication } from "./applications.ts";
import { type AuditTarget, emitAudit, modified } from "./audit-records.ts";
import { badRequest, type Call, denied, type Handler, noContent, notFound, type Reply } from "./call.ts";
import { alreadyReferenced, type DirectoryObject, directoryObject, referenced } from "./directory-objects.ts";
import { isReply, listItems } from "./odata.ts";
import { onServicePrincipal } from "./service-principals.ts";
import type { Application, Ownership, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

type Owned = Application | ServicePrincipal;
const rules = { type: "microsoft.graph.directoryObject", filterable: ["id"] } as const;

const isApplication = (owned: Owned): owned is Application => "publisherDomain" in owned;

/** The new owner comes first, the object second and in the owner's modified properties: so in every real record. */
function emitOwner(world: World, call: Call, owner: DirectoryObject, owned: Owned, verb: "Add" | "Remove"): void {
  const kind = isApplication(owned) ? "Application" : "ServicePrincipal";
  const name = (key: string, value: string): ReturnType<typeof modified> =>
    verb === "Add" ? modified(`${kind}.${key}`, undefined, value) : modified(`${kind}.${key}`, value, undefined);
  const isUser = owner["@odata.type"] === "#microsoft.graph.user";
  const { userPrincipalName } = owner;
  const first: AuditTarget = {
    id: owner.id,
    displayName: isUser ? null : String(owner.displayName ?? ""),
    type: isUser ? "User" : "ServicePrincipal",
    ...(isUser ? { userPrincipalName: String(userPrincipalName) } : {}),
    modifiedProperties: [
      name("ObjectID", owned.id),
      name("DisplayName", owned.displayName),
      name("AppId", owned.appId),
      ...(kind === "ServicePrincipal" ? [name("Name", owned.appId)] : []),
    ],
  };
  const second: AuditTarget = { id: owned.id, displayName: owned.displayName, type: kind, modifiedProperties: [] };
  const [what, link] = [isApplication(owned) ? "application" : "service principal", verb === "Add" ? "to" : "from"];
  emitAudit(world, call, {
    activity: `${verb} owner ${link} ${what}`,
    operationType: verb === "Add" ? "Assign" : "Unassign",
    targets: [first, second],
    appId: owned.appId,
  });
}

/** An owner as Graph lists it now: null when it is deleted. */
function shownOwner(world: World, { object }: Ownership): DirectoryObject | null {
  const { users } = world.directory;
  if (object["@odata.type"] === "#microsoft.graph.user") return { ...object, ...users.visible(object.id) };
  return directoryObject(world, object.id) ?? null;
}

function owners(world: World, call: Call, owned: Owned): Reply {
  const all = world.directory.ownerships.where((one) => one.ownedId === owned.id, owned.id);
  return listItems(
    world,
    call,
    all.map((one) => shownOwner(world, one)).filter((one) => one !== null),
    rules,
  );
}

function ownedObjects(world: World, call: Call, owner: ServicePrincipal): Reply {
  const all = world.directory.ownerships.where((one) => one.object.id === owner.id, owner.id);
  const objects = all.map((one) => directoryObject(world, one.ownedId));
  return listItems(
    world,
    call,
    objects.filter((one) => one !== undefined),
    rules,
  );
}

/** Nobody changes a managed identity: owners least of all. */
function fixed(owned: Owned): boolean {
  return !isApplication(owned) && owned.servicePrincipalType === "ManagedIdentity";
}

function add(world: World, call: Call, owned: Owned): Reply {
  if (fixed(owned)) return denied();
  const owner = referenced(world, call);
  if (isReply(owner)) return owner;
  if (!/\.(user|servicePrincipal|agentIdentity\w*)$/.test(String(owner["@odata.type"])))
    return badRequest("The reference target is not of a type that can own this object.");
  const id = `${owned.id}/${owner.id}`;
  if (world.directory.ownerships.latest(id)) return alreadyReferenced("owners");
  const { displayName, userPrincipalName } = owner;
  const shown = { "@odata.type": owner["@odata.type"], id: owner.id, displayName };
  const object = userPrincipalName === undefined ? shown : { ...shown, userPrincipalName };
  world.directory.ownerships.put({ id, ownedId: owned.id, object });
  emitOwner(world, call, owner, owned, "Add");
  return noContent;
}

function remove(world: World, call: Call, owned: Owned): Reply {
  if (fixed(owned)) return denied();
  const ownerId = (call.params["directoryObject-id"] ?? "").toLowerCase();
  const id = `${owned.id}/${ownerId}`;
  const one = world.directory.ownerships.visible(id);
  if (!one || !world.directory.ownerships.latest(id)) return notFound(ownerId);
  world.directory.ownerships.remove(id);
  emitOwner(world, call, one.object, owned, "Remove");
  return noContent;
}

export const ownershipHandlers = {
  ofServicePrincipal: onServicePrincipal(owners),
  addToServicePrincipal: onServicePrincipal(add),
  removeFromServicePrincipal: onServicePrincipal(remove),
  ofApplication: onApplication(owners),
  addToApplication: onApplication(add),
  removeFromApplication: onApplication(remove),
  ownedBy: onServicePrincipal(ownedObjects),
} satisfies Record<string, Handler>;
