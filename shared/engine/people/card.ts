/** What a person is asked to decide: what the stage would change, as it would be sent now, and what follows from that. */

import type { StageContext } from "../judge/stage-context.ts";
import { stepsOf } from "../rows/plans.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { foresee } from "./preview.ts";

interface Proposed {
  readonly action: string;
  readonly reason: string;
  /** the first of them; `count` says how many there are */
  readonly requests: readonly string[];
  readonly count: number;
  /** ids of what would go for good */
  readonly touches: readonly string[];
  /** why it cannot be said what it would send; null: nothing is in the way */
  readonly unforeseen: string | null;
}

const shown = 10;

/** Steps that would change something, or of which nobody can say; where there is none of either, all of them. */
export async function proposedIn({ writer, stored, stage }: StageContext, facts: Facts): Promise<readonly Proposed[]> {
  const self = await writer.services.tenant.whoAmI();
  const all = stepsOf(stored.plan, stage).map(({ step }) => {
    const { requests, touches, unforeseen } = foresee(step, facts, self);
    const { action, reason } = step;
    return { action, reason, requests: requests.slice(0, shown), count: requests.length, touches, unforeseen };
  });
  const changing = all.filter(({ count, unforeseen }) => count > 0 || unforeseen !== null);
  return changing.length > 0 ? changing : all;
}

/** What follows from several steps alike (it stands after their own reason) is said once. */
export function sayProposed(proposed: readonly Proposed[]): string {
  const parts = proposed.map(({ action, count, reason, unforeseen }) => {
    const [own = "", ...follows] = reason.split("; ");
    return { said: `${action}${count > 1 ? ` ×${count}` : ""} (${unforeseen ?? own})`, follows };
  });
  const follows = new Set(parts.flatMap((part) => part.follows));
  return [parts.map(({ said }) => said).join(", "), ...follows].join("; ");
}
