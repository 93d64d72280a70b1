/** Findings that this process placed within the last minute: the same one again is a duplicate, and need not be looked for. */
import { hashId } from "../../domain/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Unplaced } from "./detect.ts";

export interface RecentlyPlaced {
  isRecent(finding: Unplaced): boolean;
  /** Only once it is stored. */
  note(finding: Unplaced): void;
}

/** Not longer: after its incident closed, the same thing seen again is news. */
const recentMs = 60_000;
const rememberAtMost = 10_000;

export function createRecentlyPlaced(clock: Clock): RecentlyPlaced {
  const placedAt = new Map<string, number>();
  return {
    isRecent: (finding) => clock.now() - (placedAt.get(nameOf(finding)) ?? Number.NEGATIVE_INFINITY) < recentMs,
    note(finding) {
      if (placedAt.size >= rememberAtMost) placedAt.clear();
      placedAt.set(nameOf(finding), clock.now());
    },
  };
}

function nameOf({ subject, topic, detection, dedupeBy }: Unplaced): string {
  const { tenantId, appId, servicePrincipalId, applicationObjectId } = subject;
  const whom = topic === undefined ? [appId, servicePrincipalId, applicationObjectId] : [topic.kind, topic.id];
  return hashId(tenantId, ...whom.map((id) => id ?? ""), detection, dedupeBy);
}
