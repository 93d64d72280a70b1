/** POST /applications and POST /servicePrincipals: registering, and instantiating what is registered here or elsewhere. */
import { type AuditTarget, emitAudit, included, modified, namesOf } from "./audit-records.ts";
import { draftPrincipal } from "./builders.ts";
import { badRequest, type Call, failure, fields, type Handler, type Reply } from "./call.ts";
import { shownPrincipal } from "./service-principals.ts";
import { isoSeconds } from "./time.ts";
import type { Application, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function emitApplication(world: World, call: Call, made: Application): void {
  const target: AuditTarget = {
    id: made.id,
    displayName: made.displayName,
    type: "Application",
    modifiedProperties: [
      modified("AppId", [], [made.appId]),
      modified("AvailableToOtherTenants", [], [made.signInAudience !== "AzureADMyOrg"]),
      modified("DisplayName", [], [made.displayName]),
      included("AppId, AvailableToOtherTenants, DisplayName"),
    ],
  };
  emitAudit(world, call, { activity: "Add application", operationType: "Add", targets: [target], appId: made.appId });
}

function createApplication(world: World, call: Call): Reply {
  const body = fields(call.body);
  const displayName = text(body.displayName);
  if (displayName === null) return badRequest("Property 'displayName' is required.");
  const made: Application = {
    id: world.random.guid(),
    appId: world.random.guid(),
    displayName,
    createdDateTime: isoSeconds(world.now()),
    deletedDateTime: null,
    isDisabled: null,
    keyCredentials: [],
    passwordCredentials: [],
    publisherDomain: "contoso.example",
    signInAudience: text(body.signInAudience) ?? "AzureADMyOrg",
    tags: [],
    verifiedPublisher: null,
    web: { redirectUris: [] },
  };
  world.directory.applications.put(made);
  if (!world.gate.suspended) world.directory.applicationByAppId.set(made.appId, made.id);
  emitApplication(world, call, made);
  return { status: 201, body: made };
}

type Registered = Pick<
  ServicePrincipal,
  "displayName" | "appOwnerOrganizationId" | "signInAudience" | "verifiedPublisher" | "isDisabled"
>;

/** What the appId stands for: a registration here, or one elsewhere that other tenants may use. */
function registered(world: World, appId: string): Registered | null {
  const { applications, applicationByAppId, foreignApplications } = world.directory;
  const own = applications.latest(applicationByAppId.get(appId) ?? "");
  if (own) {
    const { displayName, signInAudience, verifiedPublisher, isDisabled } = own;
    const appOwnerOrganizationId = world.settings.tenantId;
    return { displayName, signInAudience, verifiedPublisher, isDisabled, appOwnerOrganizationId };
  }
  const foreign = foreignApplications.get(appId);
  if (!foreign) return null;
  const { displayName, ownerTenantId, verifiedPublisher } = foreign;
  const elsewhere = { appOwnerOrganizationId: ownerTenantId, signInAudience: "AzureADMultipleOrgs", isDisabled: null };
  return { displayName, verifiedPublisher, ...elsewhere };
}

function emitPrincipal(world: World, call: Call, made: ServicePrincipal): void {
  const target: AuditTarget = {
    id: made.id,
    displayName: made.displayName,
    type: "ServicePrincipal",
    modifiedProperties: [
      modified("AccountEnabled", [], [made.accountEnabled]),
      modified("AppPrincipalId", [], [made.appId]),
      modified("DisplayName", [], [made.displayName]),
      modified("ServicePrincipalName", [], made.servicePrincipalNames),
      included("AccountEnabled, AppPrincipalId, DisplayName, ServicePrincipalName"),
      namesOf(made),
    ],
  };
  const entry = { activity: "Add service principal", operationType: "Add", targets: [target] } as const;
  emitAudit(world, call, { ...entry, appId: made.appId });
}

function createPrincipal(world: World, call: Call): Reply {
  const body = fields(call.body);
  const appId = text(body.appId)?.toLowerCase();
  if (appId === undefined) return badRequest("Property 'appId' is required.");
  const { servicePrincipals, servicePrincipalByAppId } = world.directory;
  const about = registered(world, appId);
  if (!about) {
    const message = `The appId '${appId}' of the service principal does not reference a valid application object.`;
    return failure(400, "NoBackingApplicationObject", message);
  }
  if (servicePrincipals.latest(servicePrincipalByAppId.get(appId) ?? "")) {
    const message = `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`;
    return failure(409, "Request_MultipleObjectsWithSameKeyValue", message);
  }
  const draft = draftPrincipal(world, { appId, displayName: about.displayName });
  const made: ServicePrincipal = { ...draft, ...about, accountEnabled: body.accountEnabled !== false };
  servicePrincipals.put(made);
  if (!world.gate.suspended) servicePrincipalByAppId.set(appId, made.id);
  emitPrincipal(world, call, made);
  return { status: 201, body: shownPrincipal(call)(made) };
}

export const creationHandlers = { createApplication, createPrincipal } satisfies Record<string, Handler>;
