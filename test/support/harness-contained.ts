/** An identity from which everything was taken away five minutes ago, and how it looked before. */
import type { Harness } from "./harness.ts";
import { addFootholds, comparable, everyStep } from "./harness-footholds.ts";
import { apply, observing, putPlan } from "./harness-plans.ts";

const minute = 60_000;

/** Everything was taken from it five minutes ago. */
export async function contained(stages?: ("contain" | "eradicate")[]): Promise<Harness & { before?: unknown }> {
  const harness = await observing();
  harness.tenant.change((directory) => addFootholds(directory));
  const before = comparable(harness.tenant.directory);
  const plan = await putPlan(harness, everyStep);
  await apply(harness, plan, stages);
  await harness.clock.advance(5 * minute);
  return Object.assign(harness, { before });
}

export function isDisabled(harness: Harness): boolean {
  return harness.tenant.directory.servicePrincipals[0]?.accountEnabled === false;
}

export function enable(harness: Harness, accountEnabled = true): void {
  harness.tenant.change(({ servicePrincipals: [principal] }) => {
    if (principal !== undefined) principal.accountEnabled = accountEnabled;
  });
}

export async function stepsOf(harness: Harness, playbook: string) {
  return (await harness.plan(playbook)).stages.flatMap(({ steps }) => steps);
}
