/** A stage of a plan for a terminal: how it stands, who decided, and each step with what was sent. */
import type { z } from "zod";
import type { getRun } from "../../shared/api/show-runs.ts";
import { printable } from "../text/printable.ts";
import { utc } from "./times.ts";

export type Run = z.output<(typeof getRun)["answer"]["schema"]>;
export type Stage = Run["stages"][number];
type Step = Stage["steps"][number];

/** `awaiting-approval` is what people call it. */
export function statusInWords(status: Stage["status"]): string {
  return status === "waiting" ? "awaiting-approval" : status;
}

export function showStage(stage: Stage): readonly string[] {
  const { verification } = stage;
  return [
    "",
    `Stage ${stage.stage}: ${statusInWords(stage.status)}${until(stage)}${by(stage)}`,
    ...stage.reasons.map((reason) => `  ${printable(reason)}`),
    ...peopleOf(stage),
    ...(stage.status === "waiting" && stage.seen !== null ? [`  seen ${stage.seen}`] : []),
    ...stage.decisions.map(showDecision),
    ...(verification === null
      ? []
      : [`  ${verification.state} (applied ${utc(verification.appliedAt)}, ${verification.reads.length} reads since)`]),
    ...stage.steps.flatMap(showStep),
  ];
}

function until({ status, expiresAt }: Stage): string {
  return status === "waiting" && expiresAt !== null ? `, until ${utc(expiresAt)}` : "";
}

function by({ decidedBy }: Stage): string {
  return decidedBy === null ? "" : `, decided by ${printable(decidedBy)}`;
}

function peopleOf({ status, people, missing }: Stage): readonly string[] {
  if (status !== "waiting") return [];
  return [`  ${people === 1 ? "one person" : `${people} different people`} must approve, ${missing} missing`];
}

function showDecision({ decision, by: who, at, reason, alone, whyNot }: Stage["decisions"][number]): string {
  const said = decision === null ? "an approval that nobody signed" : `${decision} by ${printable(who ?? "nobody")}`;
  const flags = [alone ? "alone" : "", whyNot === null ? "" : `does not count: ${printable(whyNot)}`].filter(Boolean);
  const when = at === null ? "" : ` at ${utc(at)}`;
  return `  ${said}${when}${flags.length === 0 ? "" : ` (${flags.join("; ")})`}: ${JSON.stringify(reason ?? "")}`;
}

const longestReceipt = 400;

/** Before → after: what its receipt holds, and what was, or would be, sent. Of what does nothing its name is enough. */
export function showStep(step: Step): string[] {
  const { index, action, need, why, outcome, requests, difference, lost, missing } = step;
  // what it waits for is said of the stage
  const isOpen = outcome === null || outcome.status === "awaiting-approval";
  const became = isOpen ? whileOpen(step) : `${outcome.status}, ${printable(outcome.reason)}`;
  const title = `  - ${index + 1}. ${action}${need === "optional" ? " (optional)" : ""}: ${became}`;
  if (isOpen && requests.length === 0) return [title];
  const ids = outcome?.requestIds ?? [];
  const { before, beforeAltered } = difference;
  return [
    title,
    `      why: ${printable(why)}`,
    ...(before == null ? [] : [`      before: ${printable(JSON.stringify(before)).slice(0, longestReceipt)}`]),
    ...(beforeAltered ? ["      its receipt was edited behind our back: no undo follows it"] : []),
    ...requests.map((request) => `      ${printable(request)}`),
    ...(ids.length === 0 ? [] : [`      request ids: ${ids.map(printable).join(", ")}`]),
    ...lost.map((phrase) => `      never comes back: ${printable(phrase)}`),
    ...missing.map((phrase) => `      had nowhere to return to: ${printable(phrase)}`),
  ];
}

function whileOpen({ outcome, requests }: Step): string {
  if (requests.length > 0) return "not sent";
  return outcome === null ? "not looked at yet" : "nothing to send";
}
