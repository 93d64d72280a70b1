/**
 * What holds the whole tenant back, besides the kill switch: disables that people took back (the breaker), and what they protected at
 * run time. Two rows of one partition, so that one look a few seconds serves every plan.
 */
import { z } from "zod";
import { ProtectionList } from "../../domain/approval.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Protections, StoppedBy } from "../../guardrails/guardrail.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { loadPartition, type Partition, read } from "../rows/partition.ts";
import { SignedRow } from "../rows/rows.ts";

export const safetyRow = { reverts: "reverts", protections: "protections" } as const;

export const RevertsRow = z.object({
  reverts: z.array(z.object({ planId: z.string(), by: z.string(), at: z.number() })),
});
export type RevertsRow = z.infer<typeof RevertsRow>;

export interface Safety {
  readonly breaker: StoppedBy | null;
  readonly protections: Protections | null;
}

export function safetyKey(tenantId: string): string {
  return `${tenantId}|safety`;
}

export function loadSafety({ policy, stores }: Pick<Services, "policy" | "stores">): Promise<Partition> {
  return loadPartition(stores.identities, safetyKey(policy.tenantId));
}

export async function readSafety(services: Services): Promise<Safety> {
  const partition = await loadSafety(services);
  const overAt = tripsUntil(partition, services.policy, services.clock.now());
  const protections = await readProtections(services, partition);
  const reason = `people took back our disables; the mode is lowered until ${isoAt(overAt ?? 0)}`;
  return {
    breaker: overAt === null ? null : { reason },
    protections: protections === null ? null : idsOf(protections),
  };
}

/** Epoch ms at which the breaker falls off by itself; null: it is not tripped. */
export function tripsUntil(partition: Partition, { breaker }: Policy, now: number): number | null {
  if (breaker === undefined) return null;
  const windowMs = breaker.hours * 3600_000;
  const times = (read(partition, safetyRow.reverts, RevertsRow)?.reverts ?? [])
    .map(({ at }) => at)
    .filter((at) => now - at < windowMs)
    .sort((a, b) => a - b);
  const decisive = times.at(-breaker.humanReverts);
  return decisive === undefined ? null : decisive + windowMs;
}

/** Null: altered, or not readable. Whoever alters the row makes us ask more, never less. */
export async function readProtections(
  { signer, policy }: Pick<Services, "signer" | "policy">,
  partition: Partition,
): Promise<ProtectionList["entries"] | null> {
  const row = read(partition, safetyRow.protections, SignedRow);
  if (row === null) return [];
  if (!(await signer.verify(row.payload, row.signature))) return null;
  const list = ProtectionList.safeParse(JSON.parse(row.payload));
  return list.success && list.data.tenantId === policy.tenantId ? list.data.entries : null;
}

function idsOf(entries: ProtectionList["entries"]): Protections {
  const those = (how: "never" | "ask") => entries.filter((entry) => entry.how === how).map(({ id }) => id);
  return { never: those("never"), ask: those("ask") };
}
