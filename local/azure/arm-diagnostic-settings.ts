/**
 * microsoft.aadiam/diagnosticSettings: where Entra sends its logs, for the whole tenant.
 * Known: the resource, its properties and its verbs (REST description, api-version 2017-04-01); that a Security Administrator
 * makes them, and lists the keys of the rule they send by; that there are five at most; that a category goes to a place once
 * (409, worded as Azure Monitor words it for other resources); which licence a category takes.
 * Guessed: that a category without its licence is refused at all, and with 400, rather than taken and left empty; code and words
 * of that refusal and of the limit's; which roles suffice for reading; that the same rule with another hub is another place.
 */
import { fields } from "../tenant/call.ts";
import type { Licences } from "../tenant/options.ts";
import type { World } from "../tenant/world.ts";
import { type ArmCall, type ArmReply, armError, forbidden, resourceMissing } from "./arm-call.ts";
import { type DiagnosticSetting, subscriptionOf } from "./azure-directory.ts";

const type = "microsoft.aadiam/diagnosticSettings";
const limit = 5;

/** Template ids of "Microsoft Entra built-in roles". */
const mayWrite = [
  "194ae4cb-b126-40b2-bd5b-6091b380977d", // Security Administrator
  "62e90394-69f5-4237-9190-012177145e10", // Global Administrator
];
const mayRead = [
  ...mayWrite,
  "5d6b6bb7-de71-4623-b4af-96380a352509", // Security Reader
  "f2ef992c-3afb-46b9-b7cf-a126ee74c451", // Global Reader
];

/** null: nothing besides. */
const licenceOf: Readonly<Record<string, keyof Licences | null>> = {
  AuditLogs: null,
  SignInLogs: "privilegedIdentityManagement",
  ServicePrincipalSignInLogs: "privilegedIdentityManagement",
  ManagedIdentitySignInLogs: "privilegedIdentityManagement",
  RiskyAgents: "privilegedIdentityManagement",
  AgentRiskEvents: "privilegedIdentityManagement",
  RiskyServicePrincipals: "workloadIdentities",
  ServicePrincipalRiskEvents: "workloadIdentities",
};

function shown({ id, name, logs, ...places }: DiagnosticSetting): object {
  const retentionPolicy = { enabled: false, days: 0 };
  const kept = logs.map((log) => ({ ...log, retentionPolicy }));
  return { id, name, type, location: null, tags: null, properties: { ...places, serviceBusRuleId: null, logs: kept } };
}

/** Roles of people count as far as the people of a story go: everywhere. */
function refused(world: World, call: ArmCall, action: string, roles: readonly string[]): ArmReply | null {
  const { actor } = call;
  if (actor.kind === "user") return null;
  const held = world.directory.roles.holdings.present((one) => one.principalId === actor.servicePrincipalId);
  const isEnough = held.some(({ kind, roleDefinitionId }) => kind === "active" && roles.includes(roleDefinitionId));
  return isEnough ? null : forbidden(`${type}/${action}`, call.path);
}

export function listDiagnosticSettings(world: World, call: ArmCall): ArmReply {
  const value = world.azure.diagnosticSettings.where(() => true).map(shown);
  return refused(world, call, "read", mayRead) ?? { status: 200, body: { value } };
}

export function getDiagnosticSetting(world: World, call: ArmCall): ArmReply {
  const found = world.azure.diagnosticSettings.visible(call.path.toLowerCase());
  const reply = found ? { status: 200, body: shown(found) } : resourceMissing(call.path);
  return refused(world, call, "read", mayRead) ?? reply;
}

export function putDiagnosticSetting(world: World, call: ArmCall, name: string): ArmReply {
  const no = refused(world, call, "write", mayWrite);
  if (no) return no;
  const given = fields(fields(call.body).properties);
  const place = (key: string): string | null => (typeof given[key] === "string" ? given[key] : null);
  const own: DiagnosticSetting = {
    id: call.path.toLowerCase(),
    name,
    eventHubAuthorizationRuleId: place("eventHubAuthorizationRuleId"),
    eventHubName: place("eventHubName"),
    workspaceId: place("workspaceId"),
    storageAccountId: place("storageAccountId"),
    logs: (Array.isArray(given.logs) ? given.logs : []).map((log) => {
      const { category, enabled } = fields(log);
      return { category: String(category), enabled: enabled === true };
    }),
  };
  const wrong = wrongPlace(world, own) ?? wrongCategory(world, own) ?? conflict(world, own);
  if (wrong) return wrong;
  world.azure.diagnosticSettings.put(own);
  return { status: 200, body: shown(own) };
}

export function deleteDiagnosticSetting(world: World, call: ArmCall): ArmReply {
  const no = refused(world, call, "delete", mayWrite);
  if (no) return no;
  const found = world.azure.diagnosticSettings.visible(call.path.toLowerCase());
  if (!found) return { status: 204 };
  world.azure.diagnosticSettings.remove(found.id);
  return { status: 200 };
}

function wrongPlace(world: World, own: DiagnosticSetting): ArmReply | null {
  const { eventHubAuthorizationRuleId: rule, workspaceId, storageAccountId } = own;
  if (rule === null)
    return workspaceId === null && storageAccountId === null
      ? armError(400, "BadRequest", "At least one data sink needs to be specified.")
      : null;
  if (!/\/Microsoft\.EventHub\/namespaces\/[^/]+\/authorizationRules\/[^/]+$/i.test(rule))
    return armError(400, "BadRequest", `The authorization rule '${rule}' is not valid.`);
  if (world.azure.subscriptions.visible(subscriptionOf(rule) ?? "")) return null;
  const action = "Microsoft.EventHub/namespaces/authorizationRules/listKeys/action";
  const message = `The client has permission to perform action '${type}/write' on scope '${own.id}', however it does not have permission to perform action '${action}' on the linked scope(s) '${rule}' or the linked scope(s) are invalid.`;
  return armError(403, "LinkedAuthorizationFailed", message);
}

function wrongCategory(world: World, { logs }: DiagnosticSetting): ArmReply | null {
  const strange = logs.find(({ category }) => licenceOf[category] === undefined);
  if (strange) return armError(400, "BadRequest", `Category '${strange.category}' is not supported.`);
  const unlicensed = logs.find(({ category, enabled }) => {
    const licence = licenceOf[category];
    return enabled && licence && !world.settings.licences[licence];
  });
  if (!unlicensed) return null;
  return armError(400, "BadRequest", `The tenant has no license for category '${unlicensed.category}'.`);
}

function conflict(world: World, own: DiagnosticSetting): ArmReply | null {
  const others = world.azure.diagnosticSettings.present(({ id }) => id !== own.id);
  const placeOf = (one: DiagnosticSetting): string =>
    [one.eventHubAuthorizationRuleId, one.eventHubName, one.workspaceId, one.storageAccountId].join().toLowerCase();
  const enabled = own.logs.filter((log) => log.enabled).map(({ category }) => category);
  for (const { name, logs } of others.filter((one) => placeOf(one) === placeOf(own))) {
    const twice = logs.find((log) => log.enabled && enabled.includes(log.category));
    if (!twice) continue;
    const sink = own.eventHubAuthorizationRuleId ?? own.workspaceId ?? own.storageAccountId;
    const message = `Data sink '${sink}' is already used in diagnostic setting '${name}' for category '${twice.category}'. Data sinks can't be reused in different settings on the same category for the same resource.`;
    return armError(409, "Conflict", message);
  }
  if (others.length < limit) return null;
  return armError(400, "BadRequest", `The limit of ${limit} diagnostic settings was reached.`);
}
