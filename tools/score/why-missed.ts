/** Why an attack was not found, as far as it can be told from outside the detections: they are functions, and do not explain themselves. */
import type { Detection } from "../../shared/detections/detection.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { excerpt } from "../detections-doc/excerpt.ts";
import type { Label } from "./corpus.ts";
import type { Went } from "./walk.ts";

const longestFacts = 700;

export function whyMissed({ pattern }: Label, went: Went | null, detections: readonly Detection[]): string {
  if (went === null) return "the file is not there, or holds no record of that index";
  if (went.events.length === 0) return went.detail === null ? went.as : `${went.as}: ${went.detail}`;
  const meant = detections.filter(({ patterns }) => patterns.includes(pattern));
  if (meant.length === 0) return `read as ${went.as}, but no detection has the pattern ${pattern}`;
  return [...went.events.map((event) => whyQuiet(event, meant)), othersText(went, meant)].filter(Boolean).join("; ");
}

function whyQuiet(event: IdentityEvent, meant: readonly Detection[]): string {
  const listening = meant.filter(({ on }) => on.includes(event.type));
  if (listening.length === 0) {
    const wanted = [...new Set(meant.flatMap(({ on }) => on))].join(", ");
    return `read as ${event.type}, which ${idsOf(meant)} does not listen to (but to ${wanted})`;
  }
  return `${idsOf(listening)} found nothing in ${JSON.stringify(excerpt(event)).slice(0, longestFacts)}`;
}

function othersText({ found }: Went, meant: readonly Detection[]): string {
  const others = found.filter(({ detection }) => meant.every(({ id }) => id !== detection));
  return others.length === 0 ? "" : `other patterns were found: ${others.map(({ detection }) => detection).join(", ")}`;
}

function idsOf(detections: readonly Detection[]): string {
  return detections.map(({ id }) => id).join(", ");
}
