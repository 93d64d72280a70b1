/** The score in words: a table by detection, then everything that was missed or hit, with its reason, and a summary. */

import type { Detection } from "../../shared/detections/detection.ts";
import { lineOf, lineText } from "../detections-doc/policy-line.ts";
import { columns } from "../text/columns.ts";
import type { Judged, Verdict } from "./verdicts.ts";
import { whyMissed } from "./why-missed.ts";

export interface Score {
  readonly text: string;
  readonly passed: boolean;
}

type Of<K extends Verdict["is"]> = Extract<Verdict, { is: K }>;

/** `strict`: what is disputed counts as missed. */
export function report(
  verdicts: readonly Verdict[],
  detections: readonly Detection[],
  judged: Judged,
  strict: boolean,
): Score {
  const of = <K extends Verdict["is"]>(is: K) => verdicts.filter((one): one is Of<K> => one.is === is);
  const [found, missed, disputed, hits] = [of("found"), of("missed"), of("disputed"), of("hit")];
  const against = hits.filter(({ acting }) => acting.length > 0);
  const passed = missed.length === 0 && against.length === 0 && (!strict || disputed.length === 0);
  const total = found.length + missed.length + disputed.length;
  const benign = hits.length + of("quiet").length;
  const summary =
    `${passed ? "passed" : "failed"}: ${found.length} of ${total} attacks found, ${missed.length} missed, ` +
    `${disputed.length} disputed; ${against.length} of ${benign} benign records hit by a line that acts or asks ` +
    `(${hits.length - against.length} by one that only observes or tells); ${of("out-of-scope").length} attacks out of scope`;
  const parts = [
    tableOf(verdicts, detections, judged),
    section(
      "Missed",
      missed.map((one) => `${nameOf(one)}: ${whyMissed(one.label, one.went, detections)}`),
    ),
    section(
      "Benign, and hit",
      hits.map((one) => `${nameOf(one)}: ${hitText(one, judged)}`),
    ),
    section(
      "Disputed: the record contradicts its label",
      disputed.map((one) => `${nameOf(one)}: ${one.why}`),
    ),
    section(
      "Found",
      found.map((one) => `${nameOf(one)}: ${one.by.join(", ")}`),
    ),
    section(
      "Neither attack nor benign by their label, and found",
      of("neither").flatMap((one) => (one.by.length === 0 ? [] : [`${nameOf(one)}: ${one.by.join(", ")}`])),
    ),
    section("Not judged: the file is not there, or holds no record of that index", of("absent").map(nameOf)),
    section(
      "Out of scope",
      of("out-of-scope").map((one) => `${one.label.id ?? one.went?.recordId ?? "without id"}: ${nameOf(one)}`),
    ),
    summary,
  ];
  return { text: parts.filter((part) => part !== "").join("\n\n"), passed };
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`${title} (${lines.length})`, ...lines.map((line) => `  ${line}`)].join("\n");
}

function nameOf({ label: { file, index, label, pattern, why } }: Verdict): string {
  return `${file}#${index} ${label} ${pattern}${why === "" ? "" : ` “${why}”`}`;
}

function hitText({ went, by }: Of<"hit">, { policy }: Judged): string {
  const titles = new Map(went?.found.map(({ detection, title }) => [detection, title]));
  return by.map((id) => `${id} (line: ${lineText(lineOf(policy, id))}) says “${titles.get(id) ?? ""}”`).join("; ");
}

const head = ["detection", "found", "missed", "TN hit", "line", "patterns"];

function tableOf(verdicts: readonly Verdict[], detections: readonly Detection[], { policy }: Judged): string {
  const rows = detections.map(({ id, patterns }) => [
    id,
    String(verdicts.filter((one) => one.is === "found" && one.by.includes(id)).length),
    String(verdicts.filter((one) => one.is === "missed" && patterns.includes(one.label.pattern)).length),
    String(verdicts.filter((one) => one.is === "hit" && one.by.includes(id)).length),
    lineOf(policy, id).max,
    patterns.join(" "),
  ]);
  return columns([head, ...rows]);
}
