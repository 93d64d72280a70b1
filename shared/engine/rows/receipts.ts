/**
 * A receipt says what an undo grants again, so it authorises, and is signed like a plan: whoever can only edit the tables must not
 * choose which role a person's undo gives to whom.
 */
import type { Signer } from "../../ports/signer.ts";
import type { StepRow } from "./rows.ts";

/** Over the step as well: a receipt copied to another step is nobody's. */
function textOf(planId: string, index: number, receipt: unknown): string {
  return JSON.stringify({ planId, index, receipt });
}

export function signReceipt(signer: Signer, planId: string, index: number, receipt: unknown): Promise<string> {
  return signer.sign(textOf(planId, index, receipt));
}

/** Is the row's receipt the one that we stored before this very step's change? */
export async function isOurReceipt(
  signer: Signer,
  planId: string,
  index: number,
  { receipt, receiptSignature }: StepRow,
): Promise<boolean> {
  if (receiptSignature === undefined) return false;
  return signer.verify(textOf(planId, index, receipt), receiptSignature);
}
