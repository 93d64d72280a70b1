/** The report for people. */
import type { BadLines, Counted, DeadLetters, Report } from "./report.ts";
import { type Column, table } from "./table.ts";

const mostIgnored = 5;
const mostDetections = 12;

export function textOf(report: Report): string {
  const parts = [
    headOf(report),
    recordsOf(report),
    findingsOf(report),
    plansOf(report),
    reasonsOf(report),
    needsOf(report),
    section(
      "Bear in mind",
      report.notes.map((note) => `- ${note}`),
    ),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function headOf({ tenant, mode, files, records, span }: Report): string {
  const from = { policy: "the policy", "first record": "the first record", nowhere: "the placeholder of the policy" };
  return [
    `Replayed ${plural(records.read, "record")} of ${plural(files, "file")}${span === null ? "" : `, from ${span.from} to ${span.to}`}`,
    `Tenant ${tenant.id} (${from[tenant.from]}) · mode ${mode.replayed}${mode.replayed === mode.inPolicy ? "" : ` (the policy says ${mode.inPolicy})`}`,
  ].join("\n");
}

function recordsOf({ records, findings, incidents }: Report): string {
  const { ignored, deadLetters, badLines, events, outsideTime, withoutTime } = records;
  const uninteresting = ignored.reduce((sum, { count }) => sum + count, 0);
  const lines = [
    `${plural(events, "event")} → ${plural(findings.total, "finding")} (${findings.duplicates} seen before) → ${plural(incidents, "incident")}`,
    ...(uninteresting > 0 ? [`${number(uninteresting)} not of interest: ${listOf(ignored, mostIgnored)}`] : []),
    ...(outsideTime > 0 ? [`${number(outsideTime)} outside of the time asked for`] : []),
    ...(withoutTime > 0 ? [`${number(withoutTime)} without a time that can be believed`] : []),
    ...deadLetters.map(deadLetterLine),
    ...badLines.flatMap(badLinesOf),
  ];
  return section("Records", lines);
}

function deadLetterLine({ name, count, first }: DeadLetters): string {
  return `${plural(count, "dead letter")} ${name}; the first: ${first}`;
}

function badLinesOf({ file, count, first }: BadLines): readonly string[] {
  const shown = first.map(({ line, why }) => `  ${line === 0 ? "the file" : `line ${line}`}: ${why}`);
  const more = count > first.length ? [`  and ${number(count - first.length)} more`] : [];
  return [`${plural(count, "bad line")} in ${file}`, ...shown, ...more];
}

function findingsOf({ findings }: Report): string {
  const days = findings.byDay.map(({ day, detections }) => `${day}  ${listOf(detections, mostDetections)}`);
  const told = findings.toldOnly.length === 0 ? [] : [`told only: ${listOf(findings.toldOnly, mostDetections)}`];
  const identities = findings.identities.map(({ identity, count }) => `${String(count).padStart(5)}  ${identity}`);
  return [section("Findings by day", [...days, ...told]), section("Identities with the most findings", identities)]
    .filter((part) => part !== "")
    .join("\n\n");
}

type PlanRow = Report["plans"]["byDay"][number];

const columns: readonly Column<PlanRow>[] = [
  { title: "day", of: ({ day }) => day },
  { title: "playbook", of: ({ playbook }) => playbook },
  { title: "stage", of: ({ stage }) => stage },
  { title: "would run", of: ({ run }) => run },
  { title: "would ask", of: ({ ask }) => ask },
  { title: "only report", of: ({ report }) => report },
  { title: "refused", of: ({ refused }) => refused },
  { title: "hangs on kind", of: ({ unknown }) => unknown },
];

function plansOf({ plans }: Report): string {
  if (plans.byDay.length === 0) return "Nothing would have been done.";
  const total: PlanRow = { day: "all", playbook: "", stage: "", ...plans.totals };
  return section(
    "What would have been done (as far as the tenant says nothing against it)",
    table(columns, [...plans.byDay, total]),
  );
}

const said = { run: "would run", ask: "would ask", report: "would only report", refused: "refused", unknown: "open" };

function reasonsOf({ plans }: Report): string {
  const lines = plans.reasons.map(
    ({ verdict, reason, count }) => `${String(count).padStart(5)}  ${said[verdict]}: ${reason}`,
  );
  return section("Why it would not simply run", lines);
}

function needsOf({ plans }: Report): string {
  const lines = plans.needsTenant.map(({ name, count }) => `${String(count).padStart(5)}  ${name}`);
  return section("Stages whose answer hangs on what only the tenant can tell, by guardrail", lines);
}

function listOf(counted: readonly Counted[], most: number): string {
  const shown = counted.slice(0, most).map(({ name, count }) => `${name} ${number(count)}`);
  const more = counted.length > most ? [`${counted.length - most} more`] : [];
  return [...shown, ...more].join(", ");
}

function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The same in every locale. */
function number(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
