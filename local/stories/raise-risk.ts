// Entra finds a risk: of an application or of an agent, with both of its log records.
import type { Tenant } from "./cast.ts";
import type { Member } from "./evidence.ts";
import type { Doing } from "./story-steps.ts";

const hourMs = 3_600_000;

/** @returns what was raised, in words */
export function raiseRisk(
  { twin }: Tenant,
  member: Member,
  keyIds: readonly string[],
  step: Doing<"raise-risk">,
): string {
  const activityAt = Date.now() - step.hoursAgo * hourMs;
  const risk = { riskEventType: step.type, riskLevel: step.level };
  if (member.kind === "agent" || member.kind === "agent-blueprint")
    twin.raiseAgentRisk({ agentId: member.id, ...risk });
  else twin.raiseRisk({ servicePrincipalId: member.id, keyIds, activityAt, ...risk });
  const named = keyIds.length === 0 ? "" : `, names key ${keyIds.join(", ")}`;
  const late = step.hoursAgo === 0 ? "" : `, of ${step.hoursAgo} h ago`;
  return `${step.type}, ${step.level}${named}${late}`;
}
