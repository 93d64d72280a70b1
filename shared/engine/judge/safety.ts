/**
 * What holds the whole tenant back: the settings (kill switch, modes of playbooks), disables that people took back (the breaker), and
 * what they protected at run time. Rows of one partition, so that one look a few seconds serves every plan.
 */
import { z } from "zod";
import { ProtectionList } from "../../domain/approval.ts";
import { safetyKey } from "../../domain/identity.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Protections, StoppedBy } from "../../guardrails/guardrail.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { loadPartition, type Partition, read } from "../rows/partition.ts";
import { signedRow } from "../rows/signed-rows.ts";
import { type Found, notGoneBack } from "./high-water.ts";
import { settingsIn, stoppedBy } from "./settings-state.ts";

export const safetyRow = { reverts: "reverts", protections: "protections" } as const;

export const RevertsRow = z.object({
  reverts: z.array(z.object({ planId: z.string(), by: z.string(), at: z.number() })),
});
export type RevertsRow = z.infer<typeof RevertsRow>;

/** What people set, as it holds now. */
export interface InForce {
  readonly killSwitch: StoppedBy | null;
  readonly modes: Settings["modes"];
}

export interface Safety extends InForce {
  readonly breaker: StoppedBy | null;
  readonly protections: Protections | null;
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
    ...(await inForceIn(services, partition)),
    breaker: overAt === null ? null : { reason },
    protections: protections === null ? null : idsOf(protections),
  };
}

/** Read anew: for what must not wait until a look of a few seconds ago is forgotten. */
export async function readInForce(
  services: Pick<Services, "clock" | "policy" | "signer" | "stores">,
): Promise<InForce> {
  return inForceIn(services, await loadSafety(services));
}

async function inForceIn(
  services: Pick<Services, "clock" | "policy" | "signer" | "stores">,
  partition: Partition,
): Promise<InForce> {
  const state = await settingsIn(services, partition);
  return { killSwitch: stoppedBy(state, services), modes: state.settings.modes };
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

/** Null: altered, not readable, or earlier than what was known. Whoever alters the row makes us ask more, never less. */
export async function readProtections(
  services: Pick<Services, "signer" | "policy" | "stores">,
  partition: Partition,
): Promise<ProtectionList["entries"] | null> {
  const look = (rows: Partition) => protectionsIn(services, rows);
  const { state, wentBack } = await notGoneBack(services, partition, "protections", look);
  return wentBack ? null : state.entries;
}

async function protectionsIn(
  { signer, policy }: Pick<Services, "signer" | "policy">,
  partition: Partition,
): Promise<{ readonly entries: ProtectionList["entries"] | null; readonly found: Found | null }> {
  const altered = { entries: null, found: null };
  const row = signedRow(partition, safetyRow.protections);
  if (row === null) return { entries: [], found: { serial: 0, payload: "" } };
  const { payload, signature } = row;
  if (!(await signer.verify(payload, signature))) return altered;
  const list = ProtectionList.safeParse(JSON.parse(payload)).data;
  if (list?.tenantId !== policy.tenantId) return altered;
  return { entries: list.entries, found: { serial: list.serial, payload } };
}

function idsOf(entries: ProtectionList["entries"]): Protections {
  const those = (how: "never" | "ask") => entries.filter((entry) => entry.how === how).map(({ id }) => id);
  return { never: those("never"), ask: those("ask") };
}
