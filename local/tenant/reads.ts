/** Read-only corners: audit log, deleted items, organization. */
import { applicationRules } from "./applications.ts";
import { type Call, failure, type Handler, notFound, type Reply } from "./call.ts";
import { shownKeys } from "./credentials.ts";
import { emptyBin, isApplication, purgeDeleted, restoreDeleted } from "./deletion.ts";
import { directoryObject } from "./directory-objects.ts";
import { list, single } from "./odata.ts";
import { servicePrincipalRules, shownPrincipal } from "./service-principals.ts";
import type { World } from "./world.ts";

const auditType = "microsoft.graph.directoryAudit";

const auditRules = {
  type: auditType,
  filterable: [
    "id",
    "activityDateTime",
    "activityDisplayName",
    "category",
    "correlationId",
    "loggedByService",
    "result",
    "operationType",
    "targetResources/id",
    "initiatedBy/app/servicePrincipalId",
    "initiatedBy/user/id",
  ],
  sortable: ["activityDateTime"],
};

function getAudit(world: World, call: Call): Reply {
  const found = world.directory.audits.visible(call.params["directoryAudit-id"] ?? "");
  return found
    ? single(world, call, found, auditType)
    : failure(404, "NotFound", "The requested audit record was not found.");
}

function getDeleted(world: World, call: Call): Reply {
  const id = call.params["directoryObject-id"] ?? "";
  emptyBin(world);
  const found = world.directory.deleted.visible(id.toLowerCase());
  if (!found) return notFound(id);
  const name = isApplication(found) ? "application" : "servicePrincipal";
  const shown = isApplication(found) ? shownKeys(found, false) : shownPrincipal(call)(found);
  return single(world, call, { "@odata.type": `#microsoft.graph.${name}`, ...shown }, `microsoft.graph.${name}`);
}

function getObject(world: World, call: Call): Reply {
  const id = (call.params["directoryObject-id"] ?? "").toLowerCase();
  const found = directoryObject(world, id);
  return found ? single(world, call, found, "microsoft.graph.directoryObject") : notFound(id);
}

function binOf(world: World): World["directory"]["deleted"] {
  emptyBin(world);
  return world.directory.deleted;
}

function organization(world: World, call: Call): Reply {
  const { tenantId } = world.settings;
  const domain = { capabilities: "Email", isDefault: true, isInitial: true, name: "contoso.example", type: "Managed" };
  const value = [{ id: tenantId, displayName: "Contoso", tenantType: "AAD", verifiedDomains: [domain] }];
  return { status: 200, body: { "@odata.context": `${call.baseUrl}/v1.0/$metadata#organization`, value } };
}

export const readHandlers = {
  listAudits: (world, call) => list(world, call, world.directory.audits, auditRules),
  getAudit,
  getDeleted,
  getObject,
  restore: restoreDeleted,
  purge: purgeDeleted,
  listDeletedServicePrincipals: (world, call) =>
    list(
      world,
      call,
      binOf(world),
      { ...servicePrincipalRules, shown: (one) => (isApplication(one) ? one : shownPrincipal(call)(one)) },
      (one) => !isApplication(one),
    ),
  listDeletedApplications: (world, call) =>
    list(world, call, binOf(world), { ...applicationRules, shown: (one) => one }, isApplication),
  organization,
} satisfies Record<string, Handler>;
