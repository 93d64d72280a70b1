/** The blast radius: sliding windows over an hour and a day, as reservations keyed by plan. */
import type { Policy } from "../domain/policy.ts";
import type { GuardrailSubject } from "../guardrails/guardrail.ts";
import type { DependencySummary, Reservation } from "../ports/stores.ts";
import type { StageContext } from "./stage-context.ts";

const hourMs = 3600_000;
const freshMs = 7 * 24 * hourMs;

/** `min(N, max(1, ⌈P %⌉))` of the enabled service principals that are not Microsoft's; unknown counts as 1. */
export function capOf(count: number, percent: number, summary: DependencySummary | null): number {
  const share = summary === null ? 1 : Math.max(1, Math.ceil((summary.enabledServicePrincipals * percent) / 100));
  return Math.min(count, share);
}

/** Pure: does one more fit beside those held? Those of the last 24 h are held. */
export function fits(
  wanted: Reservation,
  held: readonly Reservation[],
  { blastRadius }: Policy,
  summary: DependencySummary | null,
): boolean {
  const { perHour, perDay, percent, freshIdentitiesPerHour, perPlaybookPerHour } = blastRadius;
  const lastHour = held.filter(({ at }) => wanted.at - at < hourMs);
  if (wanted.fresh) return lastHour.filter(({ fresh }) => fresh).length < freshIdentitiesPerHour;
  const grown = lastHour.filter(({ fresh }) => !fresh);
  const ofPlaybook = grown.filter(({ playbook }) => playbook === wanted.playbook);
  return (
    grown.length < capOf(perHour, percent, summary) &&
    ofPlaybook.length < capOf(perPlaybookPerHour, percent, summary) &&
    held.filter(({ fresh }) => !fresh).length < capOf(perDay, percent, summary)
  );
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
  const wanted: Reservation = { planId, playbook, at: subject.now, fresh: isFresh(subject) };
  const { reserved, held } = await stores.reservations.reserve(policy.tenantId, wanted, (others) =>
    fits(wanted, others, policy, summary),
  );
  return { reserved, held: `${held.length} disabled without a person in the last 24 hours` };
}

export async function giveBack(context: StageContext): Promise<void> {
  const { services } = context.writer;
  await services.stores.reservations.release(services.policy.tenantId, context.stored.plan.id);
}
