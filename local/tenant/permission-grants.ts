/** /oauth2PermissionGrants: what an application may do for a signed-in user, or for all of them. */
import { badRequest, type Call, failure, fields, type Handler, noContent, notFound, type Reply } from "./call.ts";
import { emitGrant } from "./grant-audits.ts";
import { list, single } from "./odata.ts";
import { onServicePrincipal } from "./service-principals.ts";
import type { PermissionGrant } from "./types.ts";
import type { World } from "./world.ts";

const type = "microsoft.graph.oAuth2PermissionGrant";
const rules = { type, filterable: ["clientId", "resourceId", "principalId", "consentType"] } as const;

/** `$filter=clientId eq '…'` is by far the most frequent: found by key. */
function listAll(world: World, call: Call): Reply {
  const clientId = /^clientId eq '([0-9a-f-]{36})'$/i.exec(call.query.get("$filter") ?? "")?.[1]?.toLowerCase();
  return list(world, call, world.directory.grants, rules, () => true, clientId);
}

function words(scope: unknown): string {
  return String(scope).split(/\s+/).filter(Boolean).join(" ");
}

function wanted(world: World, body: Readonly<Record<string, unknown>>): PermissionGrant | Reply {
  const { servicePrincipals, users } = world.directory;
  const text = (value: unknown): string => (typeof value === "string" ? value.toLowerCase() : "");
  const [clientId, resourceId] = [text(body.clientId), text(body.resourceId)];
  const { consentType } = body;
  if (consentType !== "AllPrincipals" && consentType !== "Principal")
    return badRequest("consentType must be AllPrincipals or Principal.");
  const principalId = consentType === "Principal" ? text(body.principalId) : null;
  if (consentType === "AllPrincipals" && typeof body.principalId === "string")
    return badRequest("principalId must be null when consentType is AllPrincipals.");
  const missing = [clientId, resourceId].find((id) => !servicePrincipals.visible(id));
  if (missing !== undefined) return notFound(missing);
  if (principalId !== null && !users.visible(principalId)) return notFound(principalId);
  const id = Buffer.from(world.random.secret()).toString("base64url").slice(0, 43);
  return { id, clientId, resourceId, consentType, principalId, scope: words(body.scope) };
}

function create(world: World, call: Call): Reply {
  const { grants } = world.directory;
  const one = wanted(world, fields(call.body));
  if ("status" in one) return one;
  const same = (other: PermissionGrant): boolean =>
    other.clientId === one.clientId && other.resourceId === one.resourceId && other.principalId === one.principalId;
  if (grants.present(same, one.clientId).length > 0)
    return failure(409, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.");
  grants.put(one);
  emitGrant(world, call, null, one);
  return { status: 201, body: one };
}

/** Runs on the grant in the path: as reads see it, and still there. */
function onGrant(act: (world: World, call: Call, visible: PermissionGrant, latest: PermissionGrant) => Reply): Handler {
  return (world, call) => {
    const id = call.params["oAuth2PermissionGrant-id"] ?? "";
    const [visible, latest] = [world.directory.grants.visible(id), world.directory.grants.latest(id)];
    return visible && latest ? act(world, call, visible, latest) : notFound(id);
  };
}

function patch(world: World, call: Call, _visible: PermissionGrant, before: PermissionGrant): Reply {
  const body = fields(call.body);
  const other = Object.keys(body).find((name) => name !== "scope" && !name.startsWith("@"));
  if (other !== undefined) return badRequest(`Property '${other}' cannot be updated.`);
  const after = { ...before, scope: words(body.scope) };
  world.directory.grants.put(after);
  if (after.scope !== before.scope) emitGrant(world, call, before, after);
  return noContent;
}

export const permissionGrantHandlers = {
  list: listAll,
  get: onGrant((world, call, visible) => single(world, call, visible, type)),
  ofClient: onServicePrincipal((world, call, found) =>
    list(world, call, world.directory.grants, rules, (one) => one.clientId === found.id, found.id),
  ),
  create,
  patch: onGrant(patch),
  delete: onGrant((world, call, _visible, latest) => {
    world.directory.grants.remove(latest.id);
    emitGrant(world, call, latest, null);
    return noContent;
  }),
} satisfies Record<string, Handler>;
