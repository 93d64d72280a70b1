/** Federated identity credentials of applications: whose tokens Entra takes in place of a secret. */
import { onApplication } from "./applications.ts";
import { type AuditTarget, emitAudit, included, modified, namesOf } from "./audit-records.ts";
import { badRequest, type Call, failure, fields, type Handler, noContent, notFound, type Reply } from "./call.ts";
import type { FederatedCredential } from "./foothold-types.ts";
import { isReply, list, single } from "./odata.ts";
import type { Application } from "./types.ts";
import type { World } from "./world.ts";

const type = "microsoft.graph.federatedIdentityCredential";

/** v1.0 does not know expressions: there a flexible credential has neither subject nor expression. */
function shown(call: Pick<Call, "version">): (value: FederatedCredential) => object {
  return ({ applicationId: _, claimsMatchingExpression, ...rest }) =>
    call.version === "beta" ? { ...rest, claimsMatchingExpression } : rest;
}

function credentialsOf(world: World, applicationId: string): FederatedCredential[] {
  return world.directory.federatedCredentials.present((one) => one.applicationId === applicationId, applicationId);
}

function auditLine(one: FederatedCredential): object {
  const { name, issuer, subject, id, description, audiences, claimsMatchingExpression: expression } = one;
  return {
    ...{ Name: name, Issuer: issuer, Subject: subject, Id: id, Description: description, Audiences: audiences },
    Encoding: null,
    ClaimsMatchingExpressionValue: expression?.value ?? null,
    ClaimsMatchingExpressionLanguageVersion: expression?.languageVersion ?? null,
  };
}

/** There is no activity of its own: it is `Update application` with the whole list before and after. */
function emitChange(world: World, call: Call, owner: Application, before: readonly FederatedCredential[]): void {
  const [old, now] = [before, credentialsOf(world, owner.id)].map((all) => all.map(auditLine));
  const { id, displayName, appId } = owner;
  const properties = [modified("FederatedIdentityCredentials", old, now), included("FederatedIdentityCredentials")];
  const target: AuditTarget = { id, displayName, type: "Application", modifiedProperties: properties };
  const common = { operationType: "Update", appId } as const;
  emitAudit(world, call, { ...common, activity: "Update application", targets: [target] });
  const { servicePrincipals, servicePrincipalByAppId } = world.directory;
  const own = servicePrincipals.latest(servicePrincipalByAppId.get(appId) ?? "");
  if (!own) return;
  const names = { displayName: "Included Updated Properties", oldValue: null, newValue: null };
  const empty: AuditTarget = {
    id: own.id,
    displayName: own.displayName,
    type: "ServicePrincipal",
    modifiedProperties: [names, namesOf(own)],
  };
  emitAudit(world, call, { ...common, activity: "Update service principal", targets: [empty] });
}

/** Addressed by id or by name. */
function find(world: World, call: Call, owner: Application): FederatedCredential | Reply {
  const key = call.params["federatedIdentityCredential-id"] ?? "";
  const found = credentialsOf(world, owner.id).find((one) => one.id === key.toLowerCase() || one.name === key);
  const visible = found && world.directory.federatedCredentials.visible(found.id);
  return visible ?? notFound(key);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function expressionOf(body: unknown): FederatedCredential["claimsMatchingExpression"] {
  const { value, languageVersion } = fields(body);
  return typeof value === "string" ? { value, languageVersion: Number(languageVersion ?? 1) } : null;
}

function wanted(world: World, call: Call, owner: Application): FederatedCredential | Reply {
  const body = fields(call.body);
  const [name, issuer, subject] = [text(body.name), text(body.issuer), text(body.subject)];
  const claimsMatchingExpression = expressionOf(body.claimsMatchingExpression);
  const audiences = Array.isArray(body.audiences) ? body.audiences.map(String) : [];
  if (name === null || name.length > 120) return badRequest("'name' is required and has at most 120 characters.");
  if (issuer === null) return badRequest("'issuer' is required.");
  if (audiences.length !== 1) return badRequest("'audiences' must contain exactly one value.");
  if ((subject === null) === (claimsMatchingExpression === null))
    return badRequest("Exactly one of 'subject' and 'claimsMatchingExpression' must be set.");
  const id = world.random.guid();
  const description = text(body.description);
  return { id, applicationId: owner.id, name, issuer, subject, description, audiences, claimsMatchingExpression };
}

function clash(present: readonly FederatedCredential[], one: FederatedCredential): string | null {
  if (present.some((other) => other.name === one.name))
    return `FederatedIdentityCredential with name ${one.name} already exists.`;
  const key = (of: FederatedCredential): string =>
    JSON.stringify([of.issuer, of.subject, of.claimsMatchingExpression?.value]);
  return present.some((other) => key(other) === key(one))
    ? "FederatedIdentityCredential with the same issuer and subject already exists."
    : null;
}

function create(world: World, call: Call, owner: Application): Reply {
  const one = wanted(world, call, owner);
  if (isReply(one)) return one;
  const before = credentialsOf(world, owner.id);
  const reason = clash(before, one);
  if (reason !== null) return failure(409, "Request_MultipleObjectsWithSameKeyValue", reason);
  world.directory.federatedCredentials.put(one);
  emitChange(world, call, owner, before);
  return { status: 201, body: shown(call)(one) };
}

export const federatedCredentialHandlers = {
  list: onApplication((world, call, owner) =>
    list(
      world,
      call,
      world.directory.federatedCredentials,
      { type, filterable: ["id", "name", "issuer", "subject"], shown: shown(call) },
      (one) => one.applicationId === owner.id,
      owner.id,
    ),
  ),
  get: onApplication((world, call, owner) => {
    const found = find(world, call, owner);
    return isReply(found) ? found : single(world, call, shown(call)(found), type);
  }),
  create: onApplication(create),
  delete: onApplication((world, call, owner) => {
    const found = find(world, call, owner);
    if (isReply(found)) return found;
    const before = credentialsOf(world, owner.id);
    world.directory.federatedCredentials.remove(found.id);
    emitChange(world, call, owner, before);
    return noContent;
  }),
} satisfies Record<string, Handler>;
