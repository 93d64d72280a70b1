/** Identity Protection for workload identities: detections, risky service principals, confirmCompromised, dismiss. */
import { emitAudit } from "./audit-records.ts";
import { badRequest, type Call, failure, fields, type Handler, noContent, notFound, type Reply } from "./call.ts";
import { list, single } from "./odata.ts";
import { emitRisk, emitRiskyServicePrincipal } from "./risk-records.ts";
import type { RiskDetection, RiskyServicePrincipal, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface RiskRaise {
  readonly servicePrincipalId: string;
  readonly riskEventType: string;
  /** low, medium, high, or hidden (no licence) */
  readonly riskLevel: string;
  readonly keyIds?: readonly string[];
  /** epoch ms of the activity; by default now */
  readonly activityAt?: number;
  readonly ipAddress?: string | null;
  readonly riskState?: string;
  readonly riskDetail?: string;
  /** `servicePrincipal` (offline) or `signin` */
  readonly activity?: string;
}

/** Members added to the enums after `unknownFutureValue`: hidden unless the client asks for them. */
const evolved = new Set([
  "m365DAdminDismissedDetection",
  "adminConfirmedServicePrincipalCompromised",
  "adminDismissedAllRiskForServicePrincipal",
  "microsoftRevokedSessions",
  "servicePrincipal",
]);

function veil<T extends object>(call: Call, names: readonly string[]): (value: T) => object {
  if (/include-unknown-enum-members/i.test(call.headers.prefer ?? "")) return (value) => value;
  const member = (name: string, value: unknown): unknown =>
    names.includes(name) && typeof value === "string" && evolved.has(value) ? "unknownFutureValue" : value;
  return (value) => Object.fromEntries(Object.entries(value).map(([name, one]) => [name, member(name, one)]));
}

function detectionOf(world: World, own: ServicePrincipal, raise: RiskRaise): RiskDetection {
  const at = new Date(world.now()).toISOString();
  const hex = `${world.random.guid()}${world.random.guid()}`.replaceAll("-", "");
  return {
    id: hex,
    activity: raise.activity ?? "servicePrincipal",
    activityDateTime: new Date(raise.activityAt ?? world.now()).toISOString(),
    additionalInfo: JSON.stringify([{ Key: "alertUrl", Value: null }]),
    appId: own.appId,
    correlationId: null,
    detectedDateTime: at,
    detectionTimingType: "offline",
    ipAddress: raise.ipAddress ?? null,
    keyIds: raise.keyIds ?? [],
    lastUpdatedDateTime: at,
    location: null,
    requestId: null,
    riskDetail: raise.riskDetail ?? "none",
    riskEventType: raise.riskEventType,
    riskLevel: raise.riskLevel,
    riskState: raise.riskState ?? "atRisk",
    servicePrincipalDisplayName: own.displayName,
    servicePrincipalId: own.id,
    source: "IdentityProtection",
    tokenIssuerType: "AzureAD",
  };
}

/**
 * Entra sees a risk: stores detection and risky service principal, and logs both.
 * @throws Error when there is no such service principal, or it is a managed identity (not in scope of the service)
 */
export function raiseRisk(world: World, raise: RiskRaise): RiskDetection {
  const own = world.directory.servicePrincipals.latest(raise.servicePrincipalId);
  if (!own || own.servicePrincipalType === "ManagedIdentity") {
    throw new Error(`No service principal in scope of Identity Protection has the id ${raise.servicePrincipalId}.`);
  }
  const detection = detectionOf(world, own, raise);
  const risky: RiskyServicePrincipal = {
    id: own.id,
    appId: own.appId,
    displayName: own.displayName,
    isEnabled: own.accountEnabled,
    isProcessing: false,
    riskDetail: detection.riskDetail,
    riskLastUpdatedDateTime: detection.lastUpdatedDateTime,
    riskLevel: raise.riskLevel,
    riskState: detection.riskState,
    servicePrincipalType: own.servicePrincipalType,
  };
  world.directory.detections.put(detection);
  world.directory.riskyServicePrincipals.put(risky);
  emitRisk(world, risky, detection);
  return detection;
}

/** The ids of the body, or the refusal: at most 60, each in scope. */
function targets(world: World, call: Call): readonly ServicePrincipal[] | Reply {
  const ids = fields(call.body).servicePrincipalIds;
  if (!Array.isArray(ids) || ids.length === 0)
    return badRequest("servicePrincipalIds must name at least one service principal.");
  if (ids.length > 60) return badRequest("servicePrincipalIds must not name more than 60 service principals.");
  const found: ServicePrincipal[] = [];
  for (const id of ids) {
    const own = world.directory.servicePrincipals.visible(String(id).toLowerCase());
    if (!own || own.servicePrincipalType === "ManagedIdentity") return notFound(String(id));
    found.push(own);
  }
  return found;
}

function audit(world: World, call: Call, activity: string, own: ServicePrincipal): void {
  const target = {
    id: own.id,
    displayName: own.displayName,
    type: "ServicePrincipal",
    modifiedProperties: [],
  } as const;
  emitAudit(world, call, {
    activity,
    operationType: "Update",
    category: "Other",
    service: "Identity Protection",
    targets: [target],
  });
}

function confirm(world: World, call: Call): Reply {
  const found = targets(world, call);
  if ("status" in found) return found;
  for (const own of found) {
    const detail = "adminConfirmedServicePrincipalCompromised";
    const state = { riskState: "confirmedCompromised", riskDetail: detail, riskLevel: "high" };
    raiseRisk(world, { servicePrincipalId: own.id, riskEventType: detail, ...state });
    audit(world, call, "confirmServicePrincipalCompromised", own);
  }
  return noContent;
}

function dismiss(world: World, call: Call): Reply {
  const found = targets(world, call);
  if ("status" in found) return found;
  const state = { riskState: "dismissed", riskDetail: "adminDismissedAllRiskForServicePrincipal", riskLevel: "none" };
  const at = new Date(world.now()).toISOString();
  for (const own of found) {
    for (const one of world.directory.detections.where((detection) => detection.servicePrincipalId === own.id)) {
      world.directory.detections.put({
        ...one,
        riskState: state.riskState,
        riskDetail: state.riskDetail,
        lastUpdatedDateTime: at,
      });
    }
    const risky = world.directory.riskyServicePrincipals.latest(own.id);
    if (!risky) continue;
    const after = { ...risky, ...state, riskLastUpdatedDateTime: at };
    world.directory.riskyServicePrincipals.put(after);
    emitRiskyServicePrincipal(world, after);
    audit(world, call, "DismissServicePrincipal", own);
  }
  return noContent;
}

const riskyType = "microsoft.graph.riskyServicePrincipal";
const detectionType = "microsoft.graph.servicePrincipalRiskDetection";
const riskyEnums = ["riskDetail", "riskState", "riskLevel"];
const detectionEnums = [...riskyEnums, "activity"];

function find<T extends object>(
  world: World,
  call: Call,
  value: T | undefined,
  type: string,
  enums: readonly string[],
): Reply {
  if (!value) return failure(404, "NotFound", "Resource not found.");
  return single(world, call, veil<T>(call, enums)(value), type);
}

const pathId = (call: Call): string => Object.values(call.params)[0] ?? "";

export const riskHandlers = {
  listRisky: (world, call) =>
    list(world, call, world.directory.riskyServicePrincipals, {
      type: riskyType,
      filterable: ["id", "appId", "riskState", "riskLevel", "riskDetail", "displayName", "riskLastUpdatedDateTime"],
      maxTop: 500,
      shown: veil(call, riskyEnums),
    }),
  getRisky: (world, call) =>
    find(world, call, world.directory.riskyServicePrincipals.visible(pathId(call)), riskyType, riskyEnums),
  listDetections: (world, call) =>
    list(world, call, world.directory.detections, {
      type: detectionType,
      filterable: [
        "id",
        "servicePrincipalId",
        "appId",
        "requestId",
        "riskEventType",
        "riskLevel",
        "riskState",
        "detectedDateTime",
        "activityDateTime",
        "lastUpdatedDateTime",
      ],
      sortable: ["detectedDateTime", "activityDateTime", "lastUpdatedDateTime"],
      maxTop: 500,
      shown: veil(call, detectionEnums),
    }),
  getDetection: (world, call) =>
    find(world, call, world.directory.detections.visible(pathId(call)), detectionType, detectionEnums),
  confirm,
  dismiss,
} satisfies Record<string, Handler>;
