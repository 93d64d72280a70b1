/** How many identities may be begun, disabled or deleted in a day, each counted by itself, and apart from what containments use up. */
import { dayMs } from "../../../domain/day.ts";
import type { PlannedStep } from "../../../domain/plan.ts";
import { disables, type GuardrailSubject, type Place } from "../../../guardrails/guardrail.ts";
import type { Services } from "../../../ports/services.ts";
import type { DependencySummary, Reservation, RetireAct } from "../../../ports/stores.ts";
import { capOf } from "../../judge/reserve.ts";
import type { StageContext } from "../../judge/stage-context.ts";

const deletions: ReadonlySet<string> = new Set(["delete-application", "delete-service-principal"]);

/** What a stage counts as; null: it removes a credential, which people decide each. */
export function retireActOf({ steps }: { readonly steps: readonly PlannedStep[] }): RetireAct | null {
  if (disables({ steps })) return "disabled";
  return steps.some(({ action }) => deletions.has(action)) ? "deleted" : null;
}

interface Wanted {
  /** names who holds the place: asked for again it is the same */
  readonly id: string;
  readonly playbook: string;
  readonly act: RetireAct;
  /** epoch ms */
  readonly now: number;
}

/** `summary`: of the dependency cache, of which the policy's percentage is. A place is held for 24 hours. */
export async function reserveRetirement(
  { policy, stores }: Pick<Services, "policy" | "stores">,
  summary: DependencySummary | null,
  { id, playbook, act, now }: Wanted,
): Promise<Place> {
  const { perDay, percent } = policy.retire;
  const cap = capOf(perDay, percent, summary);
  const wanted: Reservation = { planId: id, playbook, at: now, fresh: false, retire: act };
  const sameAct = (all: readonly Reservation[]) => all.filter((one) => one.retire === act && now - one.at < dayMs);
  const { reserved, held } = await stores.reservations.reserve(
    policy.tenantId,
    wanted,
    (others) => sameAct(others).length < cap,
  );
  const mine = sameAct(held);
  const oldest = mine.length === 0 ? now : Math.min(...mine.map(({ at }) => at));
  return { reserved, held: `${mine.length} of ${cap} ${act} in the last 24 hours`, freeAt: oldest + dayMs };
}

/** For a stage that would run without a person now. */
export async function reserveRetiring(context: StageContext, subject: GuardrailSubject): Promise<Place | null> {
  const act = retireActOf(subject);
  if (act === null) return null;
  const { id, playbook } = context.stored.plan;
  const summary = await context.writer.dependencySummary();
  return reserveRetirement(context.writer.services, summary, { id, playbook, act, now: subject.now });
}
