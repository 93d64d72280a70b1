/** Leaves word of a finding under its actor: a row of its own each, so that filings never wait for each other. */
import { z } from "zod";
import type { Finding } from "../../domain/finding.ts";
import type { Services } from "../../ports/services.ts";
import { loadPartition, type Partition } from "../rows/partition.ts";

export const keptMs = 24 * 3600_000;
export const seenPrefix = "seen|";
export const SeenRow = z.object({ at: z.number() });

export function actorKey(tenantId: string, actorId: string): string {
  return `${tenantId}|actor:${actorId}`;
}

/** Before the finding is filed: a crash in between leaves one count too many at worst, and only until the redelivery. */
export async function noteActor(
  services: Pick<Services, "clock" | "policy" | "stores">,
  finding: Finding,
): Promise<void> {
  if (services.policy.blastRadius.oneActorBurst === undefined || finding.actorId === null) return;
  if (isAboutActor(finding)) return; // the same deed is noted with its victim
  if (finding.severity === "informational") return; // what is no more than news is no bait
  const now = services.clock.now();
  const key = actorKey(finding.subject.tenantId, finding.actorId);
  const value: z.output<typeof SeenRow> = { at: now };
  // a conflict is the same finding, counted already
  await services.stores.identities.commit(key, [
    { op: "create", key: seenPrefix + finding.id, value, expiresAt: now + keptMs },
  ]);
}

function isAboutActor({ actorId, subject, topic }: Finding): boolean {
  return subject.servicePrincipalId === actorId || (topic?.kind === "user" && topic.id === actorId);
}

export function loadActor({ policy, stores }: Services, actorId: string): Promise<Partition> {
  return loadPartition(stores.identities, actorKey(policy.tenantId, actorId));
}
