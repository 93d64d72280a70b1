/** Counts → the report, everything in an order of its own. */
import { isoAt } from "../../../shared/ports/clock.ts";
import { verdicts } from "./decision.ts";
import type { FeedCounts } from "./feed-counts.ts";
import { notesOf } from "./notes.ts";
import type { Replayed } from "./replayed.ts";
import type { Report } from "./report.ts";
import { type Counts, noCounts, type Tally } from "./tally.ts";

const mostIdentities = 20;
const mostReasons = 30;

export function reportOf(replayed: Replayed): Report {
  const { options, policy, tenant, files, counts, tally } = replayed;
  return {
    tenant,
    mode: { replayed: policy.mode, inPolicy: options.policy.mode },
    files: files.length,
    records: recordsOf(counts, tally),
    span: counts.first === null || counts.last === null ? null : { from: isoAt(counts.first), to: isoAt(counts.last) },
    findings: {
      total: tally.findings,
      duplicates: counts.duplicates,
      toldOnly: tally.toldOnly.sorted(),
      byDay: byName(tally.findingsByDay).map(([day, detections]) => ({ day, detections: detections.sorted() })),
      identities: tally.identities.sorted(mostIdentities).map(({ name, count }) => ({ identity: name, count })),
    },
    incidents: tally.incidents,
    plans: plansOf(tally),
    notes: notesOf(replayed),
  };
}

function byName<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function recordsOf(counts: FeedCounts, tally: Tally): Report["records"] {
  const deadLetters = byName(tally.deadLetters).map(([name, { count, first }]) => ({ name, count, first }));
  return {
    read: counts.read,
    outsideTime: counts.outsideTime,
    withoutTime: counts.withoutTime,
    late: counts.late,
    events: counts.events,
    ignored: tally.ignored.sorted(),
    deadLetters: deadLetters.sort((a, b) => b.count - a.count),
    badLines: counts.badLines(),
  };
}

function plansOf(tally: Tally): Report["plans"] {
  const stages = byName(tally.stages);
  const totals = stages.reduce((sum: Counts, [, counts]) => {
    for (const verdict of verdicts) sum[verdict] += counts[verdict];
    return sum;
  }, noCounts());
  return {
    totals,
    byDay: stages.map(([name, counts]) => {
      const [day = "", playbook = "", stage = ""] = name.split("|");
      return { day, playbook, stage, ...counts };
    }),
    reasons: tally.reasons.sorted(mostReasons).map(({ name, count }) => {
      const at = name.indexOf("|");
      const verdict = verdicts.find((one) => one === name.slice(0, at)) ?? "unknown";
      return { verdict, reason: name.slice(at + 1), count };
    }),
    needsTenant: tally.needsTenant.sorted(),
  };
}
