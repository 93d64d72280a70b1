/** Identity Protection for agents (beta): risky agents, their detections, and what a person says about them. */

import { emitAudit } from "./audit-records.ts";
import { agentTypeOf } from "./authorization.ts";
import { badRequest, type Call, failure, fields, type Handler, noContent, notFound, type Reply } from "./call.ts";
import type { AgentIdentityType, AgentRiskDetection, RiskyAgent } from "./foothold-types.ts";
import { list, single } from "./odata.ts";
import { emitAgentRisk, emitRiskyAgent } from "./risk-records.ts";
import type { World } from "./world.ts";

export interface AgentRiskRaise {
  /** object id of an agent identity or a blueprint principal */
  readonly agentId: string;
  /** unfamiliarResourceAccess, signInSpike, failedAccessAttempt, … */
  readonly riskEventType: string;
  readonly riskLevel: string;
  readonly riskState?: string;
  readonly riskDetail?: string;
}

interface Agent {
  readonly id: string;
  readonly displayName: string;
  readonly accountEnabled: boolean;
  readonly blueprintId: string | null;
  readonly identityType: AgentIdentityType;
}

function agentOf(world: World, id: string): Agent | null {
  const found = world.directory.servicePrincipals.latest(id);
  const kind = agentTypeOf(found);
  if (!found || !kind || kind === "agentIdentityBlueprint") return null;
  const { displayName, accountEnabled, agentIdentityBlueprintId = null } = found;
  return { id, displayName, accountEnabled, blueprintId: agentIdentityBlueprintId, identityType: kind };
}

/**
 * Entra sees a risk on an agent: stores detection and risky agent, and logs both.
 * @throws Error when there is no such agent
 */
export function raiseAgentRisk(world: World, raise: AgentRiskRaise): AgentRiskDetection {
  const agent = agentOf(world, raise.agentId);
  if (!agent) throw new Error(`No agent identity or blueprint principal has the id ${raise.agentId}.`);
  const at = new Date(world.now()).toISOString();
  const { riskEventType, riskLevel, riskState = "atRisk", riskDetail = "none" } = raise;
  const { id, displayName, accountEnabled, ...kind } = agent;
  const risky: RiskyAgent = {
    ...{ id, agentDisplayName: displayName, ...kind, riskLevel, riskState, riskDetail },
    isDeleted: false,
    isEnabled: accountEnabled,
    isProcessing: false,
    riskLastModifiedDateTime: at,
  };
  const detection: AgentRiskDetection = {
    ...{ id: `${world.random.guid()}${world.random.guid()}`.replaceAll("-", ""), agentId: id, identityId: id, ...kind },
    ...{ agentDisplayName: displayName, displayName, riskEventType, riskLevel, riskState, riskDetail },
    ...{ activityDateTime: at, detectedDateTime: at, lastModifiedDateTime: at },
    additionalInfo: null,
    detectionTimingType: "offline",
    riskEvidence: null,
    source: "IdentityProtection",
  };
  world.directory.agentDetections.put(detection);
  world.directory.riskyAgents.put(risky);
  emitAgentRisk(world, risky, detection);
  return detection;
}

/** The agents of the body, or the refusal. */
function targets(world: World, call: Call): readonly Agent[] | Reply {
  const ids = fields(call.body).agentIds;
  if (!Array.isArray(ids) || ids.length === 0) return badRequest("agentIds must name at least one agent.");
  if (ids.length > 60) return badRequest("agentIds must not name more than 60 agents.");
  const found: Agent[] = [];
  for (const id of ids) {
    const agent = agentOf(world, String(id).toLowerCase());
    if (!agent) return notFound(String(id));
    found.push(agent);
  }
  return found;
}

function audit(world: World, call: Call, activity: string, agent: Agent): void {
  const { id, displayName } = agent;
  const target = { id, displayName, type: "ServicePrincipal", modifiedProperties: [] } as const;
  const entry = { operationType: "Update", category: "Other", service: "Identity Protection" } as const;
  emitAudit(world, call, { ...entry, activity, targets: [target] });
}

function confirm(world: World, call: Call): Reply {
  const found = targets(world, call);
  if ("status" in found) return found;
  for (const agent of found) {
    const state = { riskState: "confirmedCompromised", riskLevel: "high" };
    raiseAgentRisk(world, { agentId: agent.id, riskEventType: "adminConfirmedAgentCompromised", ...state });
    audit(world, call, "confirmAgentCompromised", agent);
  }
  return noContent;
}

/** `dismiss` and `confirmSafe` alike end the risk; they differ in the state that stays. */
function settle(riskState: "dismissed" | "confirmedSafe", activity: string): Handler {
  return (world, call) => {
    const found = targets(world, call);
    if ("status" in found) return found;
    for (const agent of found) {
      const risky = world.directory.riskyAgents.latest(agent.id);
      if (!risky) continue;
      const at = new Date(world.now()).toISOString();
      const after = { ...risky, riskState, riskLevel: "none", riskLastModifiedDateTime: at };
      world.directory.riskyAgents.put(after);
      emitRiskyAgent(world, after);
      audit(world, call, activity, agent);
    }
    return noContent;
  };
}

const riskyType = "microsoft.graph.riskyAgent";
const detectionType = "microsoft.graph.agentRiskDetection";

function one(world: World, call: Call, value: object | undefined, type: string): Reply {
  return value ? single(world, call, value, type) : failure(404, "NotFound", "Resource not found.");
}

export const agentRiskHandlers = {
  listRisky: (world, call) =>
    list(world, call, world.directory.riskyAgents, {
      type: riskyType,
      filterable: ["id", "riskState", "riskLevel", "identityType", "blueprintId"],
    }),
  getRisky: (world, call) => one(world, call, world.directory.riskyAgents.visible(idOf(call)), riskyType),
  listDetections: (world, call) =>
    list(world, call, world.directory.agentDetections, {
      type: detectionType,
      filterable: ["id", "agentId", "identityId", "riskEventType", "riskLevel", "riskState", "detectedDateTime"],
    }),
  getDetection: (world, call) => one(world, call, world.directory.agentDetections.visible(idOf(call)), detectionType),
  confirm,
  dismiss: settle("dismissed", "DismissAgent"),
  confirmSafe: settle("confirmedSafe", "ConfirmAgentSafe"),
} satisfies Record<string, Handler>;

function idOf(call: Call): string {
  return Object.values(call.params)[0] ?? "";
}
