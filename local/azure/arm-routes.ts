/** Which resource ids Azure Resource Manager serves here, with which api-versions, and what the caller must be allowed. */
import type { World } from "../tenant/world.ts";
import { type ArmCall, type ArmReply, armError, forbidden, pageOf } from "./arm-call.ts";
import {
  deleteDiagnosticSetting,
  getDiagnosticSetting,
  listDiagnosticSettings,
  putDiagnosticSetting,
} from "./arm-diagnostic-settings.ts";
import { deleteFederated, getFederated, getIdentity, listFederated, putFederated } from "./arm-identities.ts";
import { deleteAssignment, getAssignment, listAssignments, putAssignment } from "./arm-role-assignments.ts";
import { type Access, subscriptionOf } from "./azure-directory.ts";

interface Route {
  readonly pattern: RegExp;
  readonly versions: readonly string[];
  /** as the refusal names it, without the verb */
  readonly resource: string;
  readonly methods: Readonly<Record<string, (world: World, call: ArmCall, groups: readonly string[]) => ArmReply>>;
}

const resourceVersions = ["2016-06-01", "2020-01-01", "2022-12-01"];
const authorizationVersions = ["2015-07-01", "2018-07-01", "2020-10-01-preview", "2022-04-01"];
const identityVersions = ["2023-01-31", "2024-11-30"];
const diagnosticVersions = ["2017-04-01-preview", "2017-04-01"];

const identity =
  "(/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.ManagedIdentity/userAssignedIdentities/[^/]+)";

function listSubscriptions(world: World, call: ArmCall): ArmReply {
  const readable = world.azure.subscriptions.where((one) => accessOf(world, call, one.id) !== "none");
  const { tenantId } = world.settings;
  return pageOf(
    call,
    readable.map(({ id, displayName }) => ({
      id: `/subscriptions/${id}`,
      authorizationSource: "RoleBased",
      ...{ subscriptionId: id, tenantId, displayName, state: "Enabled" },
    })),
  );
}

const routes: readonly Route[] = [
  {
    pattern: /^\/subscriptions$/i,
    versions: resourceVersions,
    resource: "Microsoft.Resources/subscriptions",
    methods: { GET: listSubscriptions },
  },
  {
    pattern: /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.Authorization\/roleAssignments$/i,
    versions: authorizationVersions,
    resource: "Microsoft.Authorization/roleAssignments",
    methods: { GET: (world, call, [subscription = ""]) => listAssignments(world, call, subscription.toLowerCase()) },
  },
  {
    pattern: /^(.*\/providers\/Microsoft\.Authorization\/roleAssignments\/[0-9a-f-]{36})$/i,
    versions: authorizationVersions,
    resource: "Microsoft.Authorization/roleAssignments",
    methods: {
      GET: (world, _call, [id = ""]) => getAssignment(world, id),
      PUT: (world, call, [id = ""]) => putAssignment(world, call, id),
      DELETE: (world, _call, [id = ""]) => deleteAssignment(world, id),
    },
  },
  {
    pattern: new RegExp(`^${identity}$`, "i"),
    versions: identityVersions,
    resource: "Microsoft.ManagedIdentity/userAssignedIdentities",
    methods: { GET: (world, _call, [id = ""]) => getIdentity(world, id) },
  },
  {
    pattern: new RegExp(`^${identity}/federatedIdentityCredentials$`, "i"),
    versions: identityVersions,
    resource: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    methods: { GET: (world, call, [id = ""]) => listFederated(world, call, id) },
  },
  {
    pattern: new RegExp(`^${identity}/federatedIdentityCredentials/([^/]+)$`, "i"),
    versions: identityVersions,
    resource: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    methods: {
      GET: (world, call) => getFederated(world, call.path),
      PUT: (world, call, [id = "", name = ""]) => putFederated(world, call, id, name),
      DELETE: (world, call) => deleteFederated(world, call.path),
    },
  },
  {
    pattern: /^\/providers\/microsoft\.aadiam\/diagnosticSettings$/i,
    versions: diagnosticVersions,
    resource: "microsoft.aadiam/diagnosticSettings",
    methods: { GET: listDiagnosticSettings },
  },
  {
    pattern: /^\/providers\/microsoft\.aadiam\/diagnosticSettings\/([^/]+)$/i,
    versions: diagnosticVersions,
    resource: "microsoft.aadiam/diagnosticSettings",
    methods: {
      GET: getDiagnosticSetting,
      PUT: (world, call, [name = ""]) => putDiagnosticSetting(world, call, name),
      DELETE: deleteDiagnosticSetting,
    },
  },
];

/** Our own identity gets as far as the subscription says; whoever plays the tenant's people gets everywhere. */
function accessOf(world: World, call: ArmCall, subscription: string): Access {
  const isOurs = call.actor.kind === "app" && call.actor.servicePrincipalId === world.runtime.servicePrincipalId;
  return isOurs ? (world.azure.subscriptions.latest(subscription)?.access ?? "none") : "write";
}

const verbs: Readonly<Record<string, string>> = { GET: "read", PUT: "write", DELETE: "delete" };

/** Refused before the handler is asked: unknown subscription, no right. Above all subscriptions our identity may not change. */
function refusal(world: World, call: ArmCall, resource: string): ArmReply | null {
  const subscription = subscriptionOf(call.path);
  const action = `${resource}/${verbs[call.method] ?? call.method}`;
  if (subscription === null) {
    const isOurs = call.actor.kind === "app" && call.actor.servicePrincipalId === world.runtime.servicePrincipalId;
    return isOurs && call.method !== "GET" ? forbidden(action, call.path) : null;
  }
  if (!world.azure.subscriptions.visible(subscription))
    return armError(404, "SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
  const access = accessOf(world, call, subscription);
  const isEnough = access === "write" || (access === "read" && call.method === "GET");
  return isEnough ? null : forbidden(action, call.path);
}

export interface Found {
  /** what the request may not be, by the hand-written description; null: nothing */
  readonly problem: string | null;
  run(): ArmReply;
}

/** Finds what answers a request. `problem` is for the journal of violations; the refusal of it is what `run` answers. */
export function findArm(world: World, call: ArmCall): Found {
  const refuse = (problem: string, reply: ArmReply): Found => ({ problem, run: () => reply });
  const route = routes.find(({ pattern }) => pattern.test(call.path));
  if (!route)
    return refuse(
      "no such resource is served here",
      armError(404, "InvalidResourceType", `No resource at '${call.path}'.`),
    );
  const handler = route.methods[call.method];
  if (!handler)
    return refuse(
      `${call.method} is not served for ${route.resource}`,
      armError(405, "MethodNotAllowed", `No ${call.method} here.`),
    );
  const version = call.query.get("api-version");
  if (version === null)
    return refuse(
      "api-version is missing",
      armError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
      ),
    );
  if (!route.versions.includes(version)) {
    const message = `No registered resource provider found for API version '${version}' for type '${route.resource}'. The supported api-versions are '${route.versions.join(", ")}'.`;
    return refuse(`api-version ${version} is unknown`, armError(400, "NoRegisteredProviderFound", message));
  }
  const groups = route.pattern.exec(call.path)?.slice(1) ?? [];
  return { problem: null, run: () => refusal(world, call, route.resource) ?? handler(world, call, groups) };
}
