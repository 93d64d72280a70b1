/** The two log records of a risk: envelope and US-style time by analogy with RiskyUsers and UserRiskEvents. */
import type { AgentRiskDetection, RiskyAgent } from "./foothold-types.ts";
import { usStyle } from "./time.ts";
import type { LogRecord, RiskDetection, RiskyServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

function envelope(
  world: World,
  category: string,
  operationName: string,
  correlationId: string,
  identity: string,
): LogRecord {
  return {
    time: usStyle(world.now()),
    resourceId: `/tenants/${world.settings.tenantId}/providers/microsoft.aadiam`,
    operationName,
    operationVersion: "1.0",
    category,
    tenantId: world.settings.tenantId,
    resultSignature: "None",
    durationMs: 0,
    correlationId,
    identity: identity.toLowerCase(),
    Level: 4,
    location: "weu",
  };
}

export function emitRiskyServicePrincipal(world: World, risky: RiskyServicePrincipal): void {
  if (world.gate.suspended) return;
  const head = envelope(world, "RiskyServicePrincipals", "Risky service principal", risky.id, risky.displayName);
  const { isEnabled, ...rest } = risky;
  world.logs.emit("RiskyServicePrincipals", { ...head, properties: { ...rest, isEnabled, accountEnabled: isEnabled } });
}

export function emitDetection(world: World, detection: RiskDetection): void {
  if (world.gate.suspended) return;
  const { id, servicePrincipalDisplayName } = detection;
  const head = envelope(
    world,
    "ServicePrincipalRiskEvents",
    "Service Principal Risk Detection",
    id,
    servicePrincipalDisplayName,
  );
  const ip = detection.ipAddress === null ? {} : { callerIpAddress: detection.ipAddress };
  world.logs.emit("ServicePrincipalRiskEvents", { ...head, ...ip, properties: { ...detection } });
}

/** Both, in the order the settings ask for: no order is promised between the two categories. */
export function emitRisk(world: World, risky: RiskyServicePrincipal, detection: RiskDetection): void {
  const first = world.settings.riskOrder === "detection-first";
  if (first) emitDetection(world, detection);
  emitRiskyServicePrincipal(world, risky);
  if (!first) emitDetection(world, detection);
}

export function emitRiskyAgent(world: World, risky: RiskyAgent): void {
  if (world.gate.suspended) return;
  const head = envelope(world, "RiskyAgents", "Risky agent", risky.id, risky.agentDisplayName);
  world.logs.emit("RiskyAgents", { ...head, properties: { ...risky } });
}

function emitAgentDetection(world: World, detection: AgentRiskDetection): void {
  if (world.gate.suspended) return;
  const { id, agentDisplayName, identityType } = detection;
  const head = envelope(world, "AgentRiskEvents", "Agent Risk Detection", id, agentDisplayName);
  // The log spells the type with a capital, the API without.
  const pascal = `${identityType.charAt(0).toUpperCase()}${identityType.slice(1)}`;
  world.logs.emit("AgentRiskEvents", { ...head, properties: { ...detection, identityType: pascal } });
}

/** Both, in the order the settings ask for. */
export function emitAgentRisk(world: World, risky: RiskyAgent, detection: AgentRiskDetection): void {
  const first = world.settings.riskOrder === "detection-first";
  if (first) emitAgentDetection(world, detection);
  emitRiskyAgent(world, risky);
  if (!first) emitAgentDetection(world, detection);
}
