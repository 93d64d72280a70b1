/** The receipt that is stored before a change. Without one there is no change: a signer out of reach stops the run in good order. */
import { describeError, RetryableError } from "../../domain/errors.ts";
import type { StageContext } from "../judge/stage-context.ts";
import { signReceipt } from "../rows/receipts.ts";
import type { StepRow } from "../rows/rows.ts";
import type { Pause } from "./pause-run.ts";

/** Until a signer that gives no time is asked again. */
const askedAgainMs = 5_000;

/** Null: an undo keeps none, since what it changes back is in the receipt of the step that it takes back. */
export async function receiptFor(
  { writer, stored }: StageContext,
  index: number,
  receipt: unknown,
): Promise<Pick<StepRow, "receipt" | "receiptSignature"> | Pause> {
  if (receipt === null) return { receipt };
  try {
    return { receipt, receiptSignature: await signReceipt(writer.services.signer, stored.plan.id, index, receipt) };
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    return { wakeAfterMs: error.retryAfterMs ?? askedAgainMs, reason: describeError(error) };
  }
}
