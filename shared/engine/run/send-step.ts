/** Sends the requests of one step, one after the other: the only place that changes the tenant. */

import { hashId } from "../../domain/ids.ts";
import type { PlannedStep } from "../../domain/plan.ts";
import type { ApiFailure } from "../../ports/tenant.ts";
import type { StageContext } from "../judge/stage-context.ts";
import type { Prepared } from "./prepare-step.ts";
import { asSpan } from "./request-span.ts";
import { toldContained } from "./time-to-contain.ts";

export type Sent =
  | { readonly ok: true; readonly requestIds: readonly string[] }
  | { readonly ok: false; readonly failure: ApiFailure };

const noLease: ApiFailure = {
  ok: false,
  status: 0,
  code: "deadline",
  message: "the lease would not outlast the request",
  retryable: true,
  retryAfterMs: 1_000,
  requestId: null,
  maybeDone: false,
};

export function sendStep(
  context: StageContext,
  step: PlannedStep,
  prepared: Extract<Prepared, { state: "ready" }>,
  deadlineAt: number | null,
): Promise<Sent> {
  const { telemetry } = context.writer.services;
  const attributes = { "tourniquet.plan.id": context.stored.plan.id, "tourniquet.action": step.action };
  return telemetry.span("tourniquet.step", { attributes }, async (say) => {
    const sent = await sendAll(context, step, prepared, deadlineAt);
    say(sent.ok ? toldContained(context, step) : { "error.type": sent.failure.code });
    return sent;
  });
}

/** Stops at the first failure; what went before is found in place by the next run. */
async function sendAll(
  { writer, stored, stopAt }: StageContext,
  step: PlannedStep,
  { action, requests }: Extract<Prepared, { state: "ready" }>,
  deadlineAt: number | null,
): Promise<Sent> {
  if (deadlineAt === null) return { ok: false, failure: noLease };
  const requestIds: string[] = [];
  for (const [i, request] of requests.entries()) {
    if (i > 0 && writer.services.clock.now() >= Math.min(deadlineAt, stopAt)) return { ok: false, failure: noLease };
    const what = [step.action, JSON.stringify(step.parameters), JSON.stringify(step.undoes)];
    const clientRequestId = uuidOf(hashId(stored.plan.id, ...what, String(i)));
    const options = { deadlineAt, clientRequestId, priority: "high" } as const;
    const { gather, services } = writer;
    const answer = await asSpan(services.telemetry, request, () =>
      action.gather === undefined ? services.tenant.send(request, options) : gather.send(request, options),
    );
    if (!answer.ok) return { ok: false, failure: answer };
    if (answer.requestId !== null) requestIds.push(answer.requestId);
  }
  return { ok: true, requestIds };
}

/** `client-request-id` is a GUID: the hash's bytes in that form, so that our echo can be told and a retry repeats it. */
function uuidOf(hash: string): string {
  const hex = Buffer.from(hash, "base64url").toString("hex").padEnd(32, "0").slice(0, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
