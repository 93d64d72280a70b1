/** The blast radius: sliding windows over an hour and a day, as reservations keyed by plan. */
import type { Policy } from "../../domain/policy.ts";
import type { GuardrailSubject } from "../../guardrails/guardrail.ts";
import { isTierZero } from "../../guardrails/tier-zero.ts";
import type { DependencySummary, Reservation } from "../../ports/stores.ts";
import type { StageContext } from "./stage-context.ts";

const hourMs = 3600_000;
const freshMs = 7 * 24 * hourMs;

/** `min(N, max(1, ⌈P %⌉))` of the enabled service principals that are not Microsoft's; unknown counts as 1. */
export function capOf(count: number, percent: number, summary: DependencySummary | null): number {
  const share = summary === null ? 1 : Math.max(1, Math.ceil((summary.enabledServicePrincipals * percent) / 100));
  return Math.min(count, share);
}

/** Of the places of a window, how many are kept for tier-0 and critical ones: never all, or nothing else would be contained. */
function keptOf(cap: number, { reservedForTier0 }: Policy["blastRadius"]): number {
  return Math.max(0, Math.min(reservedForTier0, cap - 1));
}

/** Pure: does one more fit beside those held? Those of the last 24 h are held. What is kept may use any place of a window. */
export function fits(
  wanted: Reservation,
  held: readonly Reservation[],
  { blastRadius }: Policy,
  summary: DependencySummary | null,
): boolean {
  const contained = held.filter(({ retire }) => retire === undefined);
  const { perHour, perDay, percent, freshIdentitiesPerHour, perPlaybookPerHour } = blastRadius;
  const lastHour = contained.filter(({ at }) => wanted.at - at < hourMs);
  if (wanted.fresh) return lastHour.filter(({ fresh }) => fresh).length < freshIdentitiesPerHour;
  const fitsInto = (window: readonly Reservation[], count: number) => {
    const cap = capOf(count, percent, summary);
    const grown = window.filter(({ fresh }) => !fresh);
    if (wanted.kept) return grown.length < cap;
    const ordinary = grown.filter(({ kept }) => !kept);
    return grown.length < cap && ordinary.length < cap - keptOf(cap, blastRadius);
  };
  const ofPlaybook = lastHour.filter(({ fresh, kept, playbook }) => !fresh && !kept && playbook === wanted.playbook);
  const fitsPlaybook = wanted.kept || ofPlaybook.length < capOf(perPlaybookPerHour, percent, summary);
  return fitsPlaybook && fitsInto(lastHour, perHour) && fitsInto(contained, perDay);
}

/** May it use the places that bait must not spend? A tier-0 identity, or critical evidence that Graph bears out. */
export function isKept(subject: GuardrailSubject): boolean {
  const isCritical = subject.findings.some(
    ({ finding, borneOut, withdrawn }) => finding.severity === "critical" && borneOut === true && !withdrawn,
  );
  return isCritical || isTierZero(subject) === true;
}

/** Younger than 7 days by the application's own date; without a date it is not young. */
export function isFresh({ facts, now }: GuardrailSubject): boolean {
  const created = Date.parse(facts.application?.createdDateTime ?? "");
  return Number.isFinite(created) && now - created < freshMs;
}

/** A plan that holds one already is answered the same again: a redelivery reserves once. */
export async function reserve(
  context: StageContext,
  subject: GuardrailSubject,
): Promise<GuardrailSubject["reservation"]> {
  const { services } = context.writer;
  const { policy, stores } = services;
  const summary = await context.writer.dependencySummary();
  const { id: planId, playbook } = context.stored.plan;
  const kept = isKept(subject);
  // one that is kept needs no room among the young, which bait can fill
  const wanted: Reservation = { planId, playbook, at: subject.now, fresh: !kept && isFresh(subject), kept };
  const { reserved, held } = await stores.reservations.reserve(policy.tenantId, wanted, (others) =>
    fits(wanted, others, policy, summary),
  );
  const disabled = held.filter(({ retire }) => retire === undefined).length;
  return { reserved, held: `${disabled} disabled without a person in the last 24 hours` };
}

export async function giveBack(context: StageContext): Promise<void> {
  const { services } = context.writer;
  await services.stores.reservations.release(services.policy.tenantId, context.stored.plan.id);
}
