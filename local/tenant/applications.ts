/** /applications: the registrations of the home tenant, and the credentials on them. */
import { type AuditTarget, emitAudit, included, modified } from "./audit-records.ts";
import { addressed, badRequest, type Call, fields, type Handler, noContent, notFound, type Reply } from "./call.ts";
import { emitCredentialChange } from "./credential-audits.ts";
import { addPassword, type Holder, removePassword, replaceKeys, selectsKeys, shownKeys } from "./credentials.ts";
import { softDelete } from "./deletion.ts";
import { isReply, list, single } from "./odata.ts";
import type { Application, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

const type = "microsoft.graph.application";

export const applicationRules = {
  type,
  filterable: ["id", "appId", "displayName", "signInAudience", "createdDateTime", "tags"],
  directoryObject: true,
  shown: (value: Application) => shownKeys(value, false),
} as const;

export function findApplication(world: World, call: Call): Application | Reply {
  const { id, appId } = addressed(call);
  const { applications, applicationByAppId } = world.directory;
  const key = appId === undefined ? id : applicationByAppId.get(appId.toLowerCase());
  return applications.visible((key ?? "").toLowerCase()) ?? notFound(id ?? appId ?? "");
}

/** Runs a handler on the application in the path; 404 when there is none. */
export function onApplication(act: (world: World, call: Call, found: Application) => Reply): Handler {
  return (world, call) => {
    const found = findApplication(world, call);
    return isReply(found) ? found : act(world, call, found);
  };
}

function holderOf(world: World, visible: Application): Holder<Application> {
  const { applications } = world.directory;
  const latest = applications.latest(visible.id) ?? visible;
  return { kind: "application", visible, latest, store: (next) => applications.put(next) };
}

const plain = ["displayName", "isDisabled", "notes", "signInAudience", "tags"];

function patched(world: World, before: Application, body: Readonly<Record<string, unknown>>): Application | Reply {
  const names = Object.keys(body).filter((name) => !name.startsWith("@"));
  const readOnly = names.find((name) => name !== "keyCredentials" && !plain.includes(name));
  if (readOnly !== undefined) return badRequest(`Property '${readOnly}' is read-only and cannot be set.`);
  const { keyCredentials, ...all } = body;
  const rest = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith("@")));
  if (keyCredentials === undefined) return { ...before, ...rest };
  const keys = replaceKeys(world, before.keyCredentials, keyCredentials);
  return isReply(keys) ? keys : { ...before, ...rest, keyCredentials: keys };
}

const auditedAs: Readonly<Record<string, keyof Application>> = {
  DisplayName: "displayName",
  IsDisabled: "isDisabled",
  AvailableToOtherTenants: "signInAudience",
};

function emitUpdate(world: World, call: Call, before: Application, after: Application): void {
  const changed = Object.entries(auditedAs).filter(([, name]) => before[name] !== after[name]);
  if (changed.length === 0) return;
  const target: AuditTarget = {
    id: after.id,
    displayName: after.displayName,
    type: "Application",
    modifiedProperties: [
      ...changed.map(([label, name]) => modified(label, [before[name]].flat(), [after[name]].flat())),
      included(changed.map(([label]) => label).join(", ")),
    ],
  };
  emitAudit(world, call, {
    activity: "Update application",
    operationType: "Update",
    targets: [target],
    appId: after.appId,
  });
}

function principalOf(world: World, appId: string): ServicePrincipal | undefined {
  return world.directory.servicePrincipals.latest(world.directory.servicePrincipalByAppId.get(appId) ?? "");
}

/** `isDisabled` is a property of both objects; that the service principal's mirrors the application's is inferred. */
function mirror(world: World, after: Application): void {
  const own = principalOf(world, after.appId);
  if (own) world.directory.servicePrincipals.put({ ...own, isDisabled: after.isDisabled });
}

function patch(world: World, call: Call, found: Application): Reply {
  const holder = holderOf(world, found);
  const after = patched(world, holder.latest, fields(call.body));
  if (isReply(after)) return after;
  holder.store(after);
  if (after.isDisabled !== holder.latest.isDisabled) mirror(world, after);
  emitUpdate(world, call, holder.latest, after);
  emitCredentialChange(world, call, "application", holder.latest, after);
  return noContent;
}

/** Deleting a registration in its home tenant soft-deletes its service principal, too. */
function remove(world: World, call: Call, found: Application): Reply {
  softDelete(world, call, world.directory.applications.latest(found.id) ?? found);
  const own = principalOf(world, found.appId);
  if (own) softDelete(world, call, own);
  return noContent;
}

/** Beta shows a property that v1.0 does not have. */
function published(world: World, call: Call, found: Application): object {
  const value = shownKeys(found, selectsKeys(call));
  if (call.version === "v1.0") return value;
  return { ...value, onPremisesPublishing: world.directory.publishing.get(found.id) ?? null };
}

export const applicationHandlers = {
  list: (world, call) => list(world, call, world.directory.applications, applicationRules),
  get: onApplication((world, call, found) => single(world, call, published(world, call, found), type)),
  patch: onApplication(patch),
  delete: onApplication(remove),
  addPassword: onApplication((world, call, found) => addPassword(world, call, holderOf(world, found))),
  removePassword: onApplication((world, call, found) => removePassword(world, call, holderOf(world, found))),
} satisfies Record<string, Handler>;
