/** AuditLogs: what every change leaves behind, in the shape of real records, and its copy in auditLogs/directoryAudits. */
import type { Call } from "./call.ts";
import { isoSeven, isoSevenOffset } from "./time.ts";
import type { Actor, LogRecord, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface ModifiedProperty {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

export interface AuditTarget {
  readonly id: string;
  readonly displayName: string | null;
  readonly type: "Application" | "ServicePrincipal" | "User" | "Group" | "Role" | "Request" | "Policy" | "Other";
  readonly modifiedProperties: readonly ModifiedProperty[];
  /** of users only */
  readonly userPrincipalName?: string;
}

export interface AuditEntry {
  readonly activity: string;
  readonly operationType: "Add" | "Update" | "Delete" | "Assign" | "Unassign";
  readonly targets: readonly AuditTarget[];
  readonly category?: string;
  readonly service?: string;
  /** appId of the object, as `additionalDetails` carries it */
  readonly appId?: string;
  /** for changes nobody called for, e.g. the platform's certificate rotation */
  readonly actor?: Actor;
}

/** En dash U+2013 and a trailing space: so in every real record, whatever the reference page prints. */
export const certificatesAndSecrets = "Update application \u2013 Certificates and secrets management ";

/** A modified property; values are JSON inside of strings, null means absent. */
export function modified(displayName: string, oldValue: unknown, newValue: unknown): ModifiedProperty {
  const text = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  return { displayName, oldValue: text(oldValue), newValue: text(newValue) };
}

/** The tail that real "Update …" records carry: which properties, and for service principals their names. */
export function included(names: string): ModifiedProperty {
  return { displayName: "Included Updated Properties", oldValue: null, newValue: JSON.stringify(names) };
}

export function namesOf(servicePrincipal: ServicePrincipal): ModifiedProperty {
  return modified("TargetId.ServicePrincipalNames", undefined, servicePrincipal.servicePrincipalNames.join(";"));
}

function initiator(actor: Actor): object {
  if (actor.kind === "app") {
    const { displayName, servicePrincipalId } = actor;
    return { app: { appId: null, displayName, servicePrincipalId, servicePrincipalName: null } };
  }
  const { id, userPrincipalName, ipAddress } = actor;
  return { user: { id, displayName: null, userPrincipalName, ipAddress, roles: [] } };
}

/** Graph's copy has neither `roles` nor `administrativeUnits` nor `userAgent`. */
function graphCopy(
  id: string,
  entry: AuditEntry,
  properties: Readonly<Record<string, unknown>>,
  actor: Actor,
): { readonly id: string } {
  const { category, correlationId, result, resultReason, activityDisplayName, loggedByService, operationType } =
    properties;
  const user = actor.kind === "user" ? { user: { ...actor, kind: undefined, displayName: null }, app: null } : null;
  return {
    id,
    ...{ category, correlationId, result, resultReason, activityDisplayName, loggedByService, operationType },
    activityDateTime: String(properties.activityDateTime).replace("+00:00", "Z"),
    initiatedBy: JSON.parse(JSON.stringify(user ?? { user: null, ...initiator(actor) })),
    targetResources: entry.targets.map((target) => ({ userPrincipalName: null, groupType: null, ...target })),
    additionalDetails: properties.additionalDetails,
  } as { readonly id: string };
}

/** Writes one audit record: to Graph's directoryAudits and to the log stream. */
export function emitAudit(
  world: World,
  call: Pick<Call, "actor" | "ip" | "userAgent" | "correlationId">,
  entry: AuditEntry,
): void {
  if (world.gate.suspended) return;
  const actor = entry.actor ?? call.actor;
  const at = world.now();
  const { correlationId } = call;
  const number = Math.floor(world.random.fraction() * 1e8) + 1e7;
  const id = `Directory_${correlationId}_${world.random.letters(5)}_${number}`;
  const properties = {
    id,
    category: entry.category ?? "ApplicationManagement",
    correlationId,
    result: "success",
    resultReason: "",
    activityDisplayName: entry.activity,
    activityDateTime: isoSevenOffset(at),
    loggedByService: entry.service ?? "Core Directory",
    operationType: entry.operationType,
    userAgent: null,
    initiatedBy: initiator(actor),
    targetResources: entry.targets.map((target) => ({ ...target, administrativeUnits: [] })),
    additionalDetails: [
      { key: "User-Agent", value: call.userAgent },
      ...(entry.appId === undefined ? [] : [{ key: "AppId", value: entry.appId }]),
    ],
  };
  world.directory.audits.put(graphCopy(id, entry, properties, actor));
  const record: LogRecord = {
    time: isoSeven(at),
    resourceId: `/tenants/${world.settings.tenantId}/providers/Microsoft.aadiam`,
    operationName: entry.activity,
    operationVersion: "1.0",
    category: "AuditLogs",
    tenantId: world.settings.tenantId,
    resultSignature: "None",
    durationMs: 0,
    ...(call.ip === "" ? {} : { callerIpAddress: call.ip }),
    correlationId,
    ...(actor.kind === "app" ? { identity: actor.displayName } : {}),
    Level: 4,
    properties,
  };
  world.logs.emit("AuditLogs", record);
}
