/** What a scan and its retirement say of one identity, with what its own rows know where no scan names it. */
import { type IdentityKey, type IdentityKind, refOfKey } from "../../../domain/identity.ts";
import type { Retirement } from "../../../domain/retirement.ts";
import type { JudgedIdentity } from "../../../domain/use.ts";
import { loadPartition, type Partition } from "../../rows/partition.ts";
import { IdentityRecord, KindRow, rowKey } from "../../rows/rows.ts";
import { nothingSaid, type WordOn } from "../../unused/words/words.ts";
import type { TableServices } from "../find-plan.ts";
import type { Unused } from "./shown-unused.ts";

interface Known {
  readonly key: IdentityKey;
  readonly judged: JudgedIdentity | null;
  readonly retirement: Retirement | null;
}

/** `words` by appId; `readAt` in epoch ms, of the scan. */
export async function unusedOf(
  services: TableServices,
  known: Known,
  words: ReadonlyMap<string, WordOn>,
  readAt: number | null,
): Promise<Unused> {
  const { judged, key } = known;
  const { identity, claimedName, kind } = judged ?? recordIn(await loadPartition(services.stores.identities, key));
  const word = words.get(identity.appId ?? "") ?? nothingSaid;
  return { ...known, identity, claimedName, kind, word, readAt };
}

/** What cannot be read is not known: the listing of everything else must not end on it. */
function recordIn(partition: Partition): Pick<Unused, "identity" | "claimedName" | "kind"> {
  const record = IdentityRecord.safeParse(partition.rows.get(rowKey.identity)?.value).data;
  const kind: IdentityKind = KindRow.safeParse(partition.rows.get(rowKey.kind)?.value).data?.kind ?? "unknown";
  return { identity: record?.ref ?? refOfKey(partition.key), claimedName: record?.claimedName ?? null, kind };
}
