/** The agents that a blueprint's principal stands for: what switches it off switches every one of them off. */
import { z } from "zod";
import { Guid } from "../../domain/identity.ts";
import type { PlannedStep } from "../../domain/plan.ts";
import type { IdentityFacts } from "../../domain/snapshot.ts";
import { disables } from "../../guardrails/guardrail.ts";
import type { Services } from "../../ports/services.ts";
import { type ApiRequest, odataString } from "../../ports/tenant.ts";
import { askAll } from "./read-facts.ts";

const Agents = z.object({ value: z.array(z.object({ id: Guid })) });

/** Object ids; empty where the steps switch no blueprint off; null: they could not be read. */
export async function agentsStoppedBy(
  services: Services,
  { kind, identity }: IdentityFacts,
  steps: readonly PlannedStep[],
): Promise<readonly string[] | null> {
  if (kind !== "agent-blueprint" || !disables({ steps })) return [];
  if (identity.appId === null) return null;
  const filter = `$filter=agentIdentityBlueprintId eq ${odataString(identity.appId)}`;
  const path = `/servicePrincipals/microsoft.graph.agentIdentity?${filter}&$select=id&$top=999`;
  const request: ApiRequest = { method: "GET", version: "v1.0", path, lane: "directory", allPages: true };
  const answer = (await askAll(services, [request])).get(request);
  const read = Agents.safeParse(answer?.ok === true ? answer.body : null);
  return read.success ? read.data.value.map(({ id }) => id) : null;
}
