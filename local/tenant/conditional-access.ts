/** /identity/conditionalAccess/policies, and what a block policy does to workload identities that ask for a token. */
import { emitAudit } from "./audit-records.ts";
import { badRequest, type Call, failure, fields, type Handler, noContent, type Reply } from "./call.ts";
import type { ConditionalAccessPolicy } from "./conditional-access-policy.ts";
import { list, single } from "./odata.ts";
import type { ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

const type = "microsoft.graph.conditionalAccessPolicy";

function names(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.map((one) => String(one).toLowerCase()) : [];
}

/** The part of a policy that is about workload identities; null: it is about people. */
function workloadsOf({ conditions }: Pick<ConditionalAccessPolicy, "conditions">) {
  const clients = fields(conditions.clientApplications);
  const included = names(clients.includeServicePrincipals);
  if (included.length === 0) return null;
  return {
    included,
    excluded: names(clients.excludeServicePrincipals),
    levels: names(conditions.servicePrincipalRiskLevels),
  };
}

/** What is wrong with the policy as it would be stored. */
function problemOf(world: World, policy: ConditionalAccessPolicy): Reply | null {
  const workloads = workloadsOf(policy);
  if (workloads === null) return null;
  if (!world.settings.licences.workloadIdentities)
    return failure(403, "AccessDenied", "A Workload Identities Premium license is required for this policy.");
  const controls = names(policy.grantControls?.builtInControls);
  if (controls.join() !== "block") return badRequest("Workload identities support the grant control 'block' only.");
  const unknown = [...workloads.included, ...workloads.excluded].find(
    (id) => id !== "serviceprincipalsinmytenant" && !world.directory.servicePrincipals.visible(id),
  );
  return unknown === undefined ? null : badRequest(`There is no service principal '${unknown}'.`);
}

function emit(world: World, call: Call, policy: ConditionalAccessPolicy, verb: "Add" | "Update" | "Delete"): void {
  const target = { id: policy.id, displayName: policy.displayName, type: "Policy", modifiedProperties: [] } as const;
  emitAudit(world, call, {
    activity: `${verb} conditional access policy`,
    operationType: verb,
    category: "Policy",
    service: "Conditional Access",
    targets: [target],
  });
}

function store(world: World, call: Call, policy: ConditionalAccessPolicy, verb: "Add" | "Update"): Reply | null {
  const problem = problemOf(world, policy);
  if (problem) return problem;
  world.directory.conditionalAccess.put(policy);
  emit(world, call, policy, verb);
  return null;
}

function create(world: World, call: Call): Reply {
  const body = fields(call.body);
  const missing = ["displayName", "state", "conditions"].find((name) => body[name] === undefined);
  if (missing !== undefined) return badRequest(`${missing} is required.`);
  const policy: ConditionalAccessPolicy = {
    ...body,
    id: world.random.guid(),
    displayName: String(body.displayName),
    createdDateTime: new Date(world.now()).toISOString(),
    modifiedDateTime: null,
    state: String(body.state),
    conditions: fields(body.conditions),
    grantControls: body.grantControls ? fields(body.grantControls) : null,
  };
  return store(world, call, policy, "Add") ?? { status: 201, body: policy };
}

function found(world: World, call: Call): ConditionalAccessPolicy | Reply {
  const id = call.params["conditionalAccessPolicy-id"] ?? "";
  const missing = failure(404, "NotFound", `${id} was not found.`);
  return world.directory.conditionalAccess.visible(id.toLowerCase()) ?? missing;
}

function onPolicy(act: (world: World, call: Call, policy: ConditionalAccessPolicy) => Reply): Handler {
  return (world, call) => {
    const policy = found(world, call);
    return "status" in policy ? policy : act(world, call, policy);
  };
}

function change(world: World, call: Call, policy: ConditionalAccessPolicy): Reply {
  const { id: _id, createdDateTime: _created, ...body } = fields(call.body);
  const after = { ...policy, ...body, modifiedDateTime: new Date(world.now()).toISOString() };
  return store(world, call, after, "Update") ?? noContent;
}

function remove(world: World, call: Call, policy: ConditionalAccessPolicy): Reply {
  world.directory.conditionalAccess.remove(policy.id);
  emit(world, call, policy, "Delete");
  return noContent;
}

function blocks(world: World, policy: ConditionalAccessPolicy, own: ServicePrincipal): boolean {
  const workloads = workloadsOf(policy);
  if (workloads === null || policy.state !== "enabled") return false;
  const { included, excluded, levels } = workloads;
  const named = included.includes(own.id) || included.includes("serviceprincipalsinmytenant");
  const level = world.directory.riskyServicePrincipals.latest(own.id)?.riskLevel ?? "none";
  return named && !excluded.includes(own.id) && (levels.length === 0 || levels.includes(level));
}

/**
 * Is it refused a token. Only single-tenant applications of this tenant are in scope: source "Conditional Access for workload
 * identities".
 */
export function isBlockedByPolicy(world: World, own: ServicePrincipal): boolean {
  const inScope =
    own.servicePrincipalType === "Application" &&
    own.appOwnerOrganizationId === world.settings.tenantId &&
    own.signInAudience === "AzureADMyOrg";
  return inScope && world.directory.conditionalAccess.where((policy) => blocks(world, policy, own)).length > 0;
}

export const conditionalAccessHandlers = {
  list: (world, call) =>
    list(world, call, world.directory.conditionalAccess, { type, filterable: ["id", "displayName", "state"] }),
  get: onPolicy((world, call, policy) => single(world, call, policy, type)),
  create,
  change: onPolicy(change),
  remove: onPolicy(remove),
} satisfies Record<string, Handler>;
