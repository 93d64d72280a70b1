/** /servicePrincipals: list, read, PATCH, DELETE, and the credentials on them. */
import { type AuditTarget, emitAudit, included, modified, namesOf } from "./audit-records.ts";
import { agentTypeOf } from "./authorization.ts";
import {
  addressed,
  badRequest,
  type Call,
  denied,
  fields,
  type Handler,
  noContent,
  notFound,
  type Reply,
} from "./call.ts";
import { emitCredentialChange } from "./credential-audits.ts";
import { addPassword, type Holder, removePassword, replaceKeys, selectsKeys, shownKeys } from "./credentials.ts";
import { softDelete } from "./deletion.ts";
import { isReply, list, single } from "./odata.ts";
import { holds } from "./permissions.ts";
import type { ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

const type = "microsoft.graph.servicePrincipal";

export const servicePrincipalRules = {
  type,
  filterable: [
    "id",
    "appId",
    "accountEnabled",
    "appOwnerOrganizationId",
    "displayName",
    "servicePrincipalType",
    "tags",
    "servicePrincipalNames",
    "alternativeNames",
    "preferredSingleSignOnMode",
  ],
  directoryObject: true,
} as const;

function selects(call: Pick<Call, "query">, property: string): boolean {
  const names = (call.query.get("$select") ?? "").toLowerCase().split(",");
  return names.some((name) => name.trim() === property.toLowerCase());
}

/** As a read shows it: custom security attributes only where they are asked for, key bytes never in lists. */
export function shownPrincipal(
  call: Pick<Call, "query">,
  withBytes = false,
): (value: ServicePrincipal) => Readonly<Record<string, unknown>> {
  const attributes = selects(call, "customSecurityAttributes");
  return (value) => {
    const { customSecurityAttributes, ...rest } = shownKeys(value, withBytes);
    return attributes ? { ...rest, customSecurityAttributes } : rest;
  };
}

/** Custom security attributes have a permission of their own, which no other one includes. */
function readable(act: Handler): Handler {
  return (world, call) =>
    selects(call, "customSecurityAttributes") &&
    !holds(call.roles, "CustomSecAttributeAssignment.Read.All", "CustomSecAttributeAssignment.ReadWrite.All")
      ? denied()
      : act(world, call);
}

/** The service principal the path names, as reads see it, or 404. */
export function findServicePrincipal(world: World, call: Call): ServicePrincipal | Reply {
  const { id, appId } = addressed(call);
  const { servicePrincipals, servicePrincipalByAppId } = world.directory;
  const key = appId === undefined ? id : servicePrincipalByAppId.get(appId.toLowerCase());
  return servicePrincipals.visible((key ?? "").toLowerCase()) ?? notFound(id ?? appId ?? "");
}

function holderOf(world: World, visible: ServicePrincipal): Holder<ServicePrincipal> {
  const { servicePrincipals } = world.directory;
  const latest = servicePrincipals.latest(visible.id) ?? visible;
  return { kind: "servicePrincipal", visible, latest, store: (next) => servicePrincipals.put(next) };
}

/** Runs a handler on the service principal in the path; 404 when there is none. */
export function onServicePrincipal(act: (world: World, call: Call, found: ServicePrincipal) => Reply): Handler {
  return (world, call) => {
    const found = findServicePrincipal(world, call);
    return isReply(found) ? found : act(world, call, found);
  };
}

const plain = [
  "accountEnabled",
  "appRoleAssignmentRequired",
  "displayName",
  "loginUrl",
  "notes",
  "preferredSingleSignOnMode",
  "tags",
];

/** What a PATCH would make of it, or the refusal. */
function patched(
  world: World,
  before: ServicePrincipal,
  body: Readonly<Record<string, unknown>>,
): ServicePrincipal | Reply {
  const names = Object.keys(body).filter((name) => !name.startsWith("@"));
  const readOnly = names.find((name) => name !== "keyCredentials" && !plain.includes(name));
  if (readOnly !== undefined) return badRequest(`Property '${readOnly}' is read-only and cannot be set.`);
  const { keyCredentials, ...all } = body;
  const rest = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith("@")));
  if (keyCredentials === undefined) return { ...before, ...rest };
  const keys = replaceKeys(world, before.keyCredentials, keyCredentials);
  return isReply(keys) ? keys : { ...before, ...rest, keyCredentials: keys };
}

const auditedAs: Readonly<Record<string, keyof ServicePrincipal>> = {
  AccountEnabled: "accountEnabled",
  AppRoleAssignmentRequired: "appRoleAssignmentRequired",
  DisplayName: "displayName",
  Tags: "tags",
};

function emitUpdate(world: World, call: Call, before: ServicePrincipal, after: ServicePrincipal): void {
  const changed = Object.entries(auditedAs).filter(([, name]) => before[name] !== after[name]);
  if (changed.length === 0) return;
  const target: AuditTarget = {
    id: after.id,
    displayName: after.displayName,
    type: "ServicePrincipal",
    modifiedProperties: [
      ...changed.map(([label, name]) => modified(label, [before[name]].flat(), [after[name]].flat())),
      included(changed.map(([label]) => label).join(", ")),
      namesOf(after),
    ],
  };
  const entry = { activity: "Update service principal", operationType: "Update", targets: [target] } as const;
  emitAudit(world, call, { ...entry, appId: after.appId });
}

/** Risk objects say whether the service principal is enabled. */
function followRisk(world: World, after: ServicePrincipal): void {
  const agent = world.directory.riskyAgents.latest(after.id);
  if (agent) world.directory.riskyAgents.put({ ...agent, isEnabled: after.accountEnabled });
  const risky = world.directory.riskyServicePrincipals.latest(after.id);
  if (risky) world.directory.riskyServicePrincipals.put({ ...risky, isEnabled: after.accountEnabled });
}

function patch(world: World, call: Call, found: ServicePrincipal): Reply {
  if (found.servicePrincipalType === "ManagedIdentity" && world.settings.managedIdentityPatch !== "allow") {
    return world.settings.managedIdentityPatch === "forbid" ? denied() : noContent;
  }
  const holder = holderOf(world, found);
  const after = patched(world, holder.latest, fields(call.body));
  if (isReply(after)) return after;
  holder.store(after);
  followRisk(world, after);
  emitUpdate(world, call, holder.latest, after);
  emitCredentialChange(world, call, "servicePrincipal", holder.latest, after);
  return noContent;
}

function remove(world: World, call: Call, found: ServicePrincipal): Reply {
  if (found.servicePrincipalType === "ManagedIdentity") return denied();
  if (found.disabledByMicrosoftStatus !== null) return denied();
  softDelete(world, call, world.directory.servicePrincipals.latest(found.id) ?? found);
  return noContent;
}

/** Managed identities take no credentials from anybody, and agent identities none of their own: their blueprint has them. */
function guarded(act: typeof addPassword<ServicePrincipal>): Handler {
  return onServicePrincipal((world, call, found) =>
    found.servicePrincipalType === "ManagedIdentity" || agentTypeOf(found) === "agentIdentity"
      ? denied()
      : act(world, call, holderOf(world, found)),
  );
}

export const servicePrincipalHandlers = {
  list: readable((world, call) =>
    list(world, call, world.directory.servicePrincipals, { ...servicePrincipalRules, shown: shownPrincipal(call) }),
  ),
  get: readable(
    onServicePrincipal((world, call, found) =>
      single(world, call, shownPrincipal(call, selectsKeys(call))(found), type),
    ),
  ),
  patch: onServicePrincipal(patch),
  delete: onServicePrincipal(remove),
  addPassword: guarded(addPassword),
  removePassword: guarded(removePassword),
} satisfies Record<string, Handler>;
