/** Findings about an object id that nobody knows yet: no incident holds them, so they are shown beside the incidents. */
import { DueMessage } from "../../../domain/due.ts";
import { isUnresolved } from "../../../domain/identity.ts";
import { isoAt } from "../../../ports/clock.ts";
import { loadPartition, readAll } from "../../rows/partition.ts";
import { FindingRow } from "../../rows/rows.ts";
import type { TableServices } from "../find-plan.ts";
import { type ShownFinding, shownFinding } from "./run-detail.ts";

export interface Unresolved {
  readonly objectId: string;
  readonly findings: readonly ShownFinding[];
  /** when the writer asks Graph again, ISO 8601 UTC; what stays unknown becomes a dead letter */
  readonly looksAt: string;
}

const most = 50;

/** Those that the writer still looks for, the next first. */
export async function unresolvedFindings({
  policy,
  stores,
}: Pick<TableServices, "policy" | "stores">): Promise<readonly Unresolved[]> {
  const due = await stores.due.all(policy.tenantId);
  const looks = due.flatMap(({ message, wakeAt }) => {
    const parsed = DueMessage.safeParse(message);
    const isLook = parsed.success && parsed.data.kind === "resolve" && isUnresolved(parsed.data.identity);
    return isLook ? [{ key: parsed.data.identity, wakeAt }] : [];
  });
  const shown = looks.slice(0, most).map(async ({ key, wakeAt }): Promise<Unresolved> => {
    const findings = readAll(await loadPartition(stores.identities, key), "finding|", FindingRow);
    return {
      objectId: key.slice(key.lastIndexOf(":") + 1),
      findings: findings.map(({ value }) => shownFinding(value.finding)),
      looksAt: isoAt(wakeAt),
    };
  });
  return (await Promise.all(shown)).filter(({ findings }) => findings.length > 0);
}
