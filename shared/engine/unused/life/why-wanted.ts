/** Is it wanted after all: used since, kept, held or protected? What people said is asked first, since that is for nothing. */

import { dayMs } from "../../../domain/day.ts";
import { refOfKey } from "../../../domain/identity.ts";
import { idsOf } from "../../../guardrails/guardrail.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { Services } from "../../../ports/services.ts";
import { read } from "../../rows/partition.ts";
import { IdentityRecord, rowKey } from "../../rows/rows.ts";
import { foundOtherwise } from "../scan/found-otherwise.ts";
import type { Look } from "./look.ts";
import { readUse } from "./read-use.ts";
import { windowDaysOf } from "./window-of-finding.ts";

/** One sentence; null: it is not. `unread`: it cannot be told now. `told`: epoch ms at which it was found unused. */
export async function whyWanted(look: Look, told: number): Promise<string | "unread" | null> {
  const { word, partition, row, writer } = look;
  const from = told - windowDaysOf(partition, row.incidentId) * dayMs;
  const said = whySaid(look, from) ?? (await whyProtected(look));
  if (said !== null) return said;
  const { appId } = refOfKey(partition.key);
  const otherwise = appId === null ? null : await foundOtherwise(writer.services, appId);
  if (otherwise !== null) return otherwise;
  // a word that nobody can rely on keeps it as it is, and is asked about again
  if (word.altered !== null || word.unchecked !== null) return "unread";
  const use = await readUse(writer.services, partition.key);
  if (use.lastUsedAt !== null && use.lastUsedAt > from) return `it was used at ${isoAt(use.lastUsedAt)}`;
  return use.unread === null ? null : "unread";
}

/** Who asks need not have a retirement in hand. */
export type Said = Pick<Look, "word" | "now" | "partition"> & {
  readonly writer: { readonly services: Pick<Services, "policy"> };
};

/** By what people said, and the policy. `from`: epoch ms from which on a "keep" counts. */
export function whySaid({ word, now, writer, partition }: Said, from: number): string | null {
  if (word.keptAt !== null && word.keptAt > from)
    return `${word.keptBy} said at ${isoAt(word.keptAt)} that it is needed`;
  if (word.held !== null && word.altered === null && word.unchecked === null) {
    return `${word.held.by} holds it until ${isoAt(word.held.until)}: ${word.held.reason}`;
  }
  const ids = allIds(partition);
  const hold = writer.services.policy.retire.holds.find(({ id, until }) => ids.includes(id) && Date.parse(until) > now);
  return hold === undefined ? null : `the policy holds it until ${hold.until}: ${hold.reason}`;
}

function allIds(partition: Look["partition"]): readonly string[] {
  const record = read(partition, rowKey.identity, IdentityRecord);
  return [...idsOf(refOfKey(partition.key)), ...(record === null ? [] : idsOf(record.ref))];
}

/** Protections that cannot be read protect everything. */
async function whyProtected({ partition, writer }: Look): Promise<string | "unread" | null> {
  const { protections } = await writer.safety();
  if (protections === null) return "unread";
  const { never, ask, twoPeople } = writer.services.policy.protected;
  const listed = new Set([...never, ...ask, ...twoPeople, ...protections.never, ...protections.ask]);
  const id = allIds(partition).find((one) => listed.has(one));
  return id === undefined ? null : `${id} is protected`;
}
