/** A stage that cannot be looked at: Graph does not answer, or the stage has crashed us again and again. */

import type { LogEvent } from "../../ports/signals.ts";
import { nameOf } from "../rows/notices.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { currentStage, lookAgain, moveStage, type Next, type StageContext, type StageNotice } from "./stage-context.ts";
import { endStage } from "./stage-outcomes.ts";

const longestRetryMs = 60_000;
/** 1, 2, 4 … 32 s, then every minute: the first page comes after about 5 minutes, then one an hour. */
const firstPage = 10;
const pagesEvery = 60;

/**
 * Graph did not answer for now: tried again soon, without using up the rechecks of what is not visible yet, for as long as it
 * takes. Unreadable is no reason to write, and none to be silent.
 */
export async function retryFacts(context: StageContext, facts: Facts): Promise<Next> {
  const { logger } = context.writer.services;
  const retries = currentStage(context).retries + 1;
  const waitMs = Math.max(facts.retryAfterMs ?? 0, Math.min(longestRetryMs, 1_000 * 2 ** Math.min(retries - 1, 6)));
  const unread = facts.unread.join(", ");
  logger.warn("Graph did not answer; the stage is tried again", { planId: context.stored.plan.id, unread, waitMs });
  const isPage = retries === firstPage || (retries > firstPage && (retries - firstPage) % pagesEvery === 0);
  const notice: StageNotice = {
    event: "stage.unreadable",
    about: [String(retries)],
    severity: "high",
    urgency: "page",
    message: `Nothing is written, because Graph does not answer (${retries} tries, it goes on): ${context.stage} of ${nameOf(context.stored.plan.identity, null)}; unread: ${unread}`,
    data: { stage: context.stage, retries, unread },
  };
  await moveStage(context, { retries }, isPage ? notice : undefined);
  return lookAgain(context, waitMs);
}

/** It crashed us five times: a person looks before it does so again. */
export function stuckStage(context: StageContext): Promise<Next> {
  const { logger } = context.writer.services;
  logger.error("A stage is given up: five attempts at it ended without an answer", {
    event: "stage.stuck" satisfies LogEvent,
    planId: context.stored.plan.id,
    stage: context.stage,
  });
  const reasons = ["five attempts ended without an answer, each perhaps a crash; look at the logs of this plan"];
  return endStage(
    context,
    { status: "failed", reasons },
    { event: "stage.stuck", severity: "critical", urgency: "page" },
  );
}
