/** One identity that nobody uses, or that is being retired, by any of its ids. */
import { TerminalError } from "../../../domain/errors.ts";
import { type IdentityRef, identityKey, isUnresolved, keyOfRef, refOfKey } from "../../../domain/identity.ts";
import { Retirement } from "../../../domain/retirement.ts";
import type { JudgedIdentity } from "../../../domain/use.ts";
import { idsOf } from "../../../guardrails/guardrail.ts";
import { loadPartition, type Partition } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import { wordsOf } from "../../unused/words/words.ts";
import type { TableServices } from "../find-plan.ts";
import { partitionNamed } from "../show/identity-id.ts";
import { type LastScan, lastScan } from "./last-scan.ts";
import type { Unused } from "./shown-unused.ts";
import { unusedOf } from "./unused-of.ts";

export interface Named {
  readonly partition: Partition;
  /** with every id that is known of it */
  readonly identity: IdentityRef;
  /** null: no scan names it, nothing of it is retired, and nobody said anything about it */
  readonly unused: Unused | null;
}

/** Whoever the id means. Throws TerminalError `no-guid`. */
export async function nameIdentity(services: TableServices, id: string): Promise<Named> {
  const scan = await lastScan(services);
  const named = await partitionNamed(services, id);
  const guid = id.replace(/^appid:/i, "").toLowerCase();
  const judged = scan === null ? null : await judgedIn(scan, named, guid);
  const partition = await partitionOf(services, named, judged, guid);
  const retirement = Retirement.safeParse(partition.rows.get(rowKey.retirement)?.value).data ?? null;
  const known = { key: partition.key, judged, retirement };
  const unused = await unusedOf(services, known, await wordsOf(services), scan?.startedAt ?? null);
  const isKnown = judged !== null || retirement !== null || unused.word.last !== null || unused.word.altered !== null;
  return { partition, identity: unused.identity, unused: isKnown ? unused : null };
}

/** Throws TerminalError `no-such-unused` where nothing is known of its use or its retirement. */
export async function findUnused(services: TableServices, id: string): Promise<Unused> {
  const { unused } = await nameIdentity(services, id);
  if (unused === null) throw noSuchUnused(id);
  return unused;
}

export function noSuchUnused(id: string): TerminalError {
  const message = `the last whole scan does not name ${id}, nothing of it is retired, and nobody said anything about it: it is used, or not there; GET /api/unused lists the others`;
  return new TerminalError(message, { code: "no-such-unused" });
}

/** By the key, or by an object id that no alias knows yet. */
async function judgedIn(scan: LastScan, { key }: Partition, guid: string): Promise<JudgedIdentity | null> {
  const ids = new Set([guid, ...idsOf(refOfKey(key))]);
  for await (const judged of scan.judged()) if (idsOf(judged.identity).some((id) => ids.has(id))) return judged;
  return null;
}

/** A GUID alone is taken for an object's; one that no object has may still be an appId that we know. */
async function partitionOf(
  { policy, stores }: TableServices,
  named: Partition,
  judged: JudgedIdentity | null,
  guid: string,
): Promise<Partition> {
  const key = judged === null ? null : keyOfRef(judged.identity);
  if (key !== null && key !== named.key) return loadPartition(stores.identities, key);
  if (key !== null || !isUnresolved(named.key)) return named;
  const asApp = await loadPartition(stores.identities, identityKey(policy.tenantId, guid));
  return asApp.rows.size > 0 ? asApp : named;
}
