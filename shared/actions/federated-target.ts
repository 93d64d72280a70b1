/** Which federated credentials a removal means. One is told from another by whom it lets in, never by its name. */
import { z } from "zod";
import { FederatedTuple } from "../domain/finding.ts";

export const FederatedTarget = z.strictObject({
  credentials: z.union([z.literal("all"), z.array(FederatedTuple).min(1)]),
});
export type FederatedTarget = z.infer<typeof FederatedTarget>;

/** Equal for two credentials exactly when they let the same outsiders in. */
export function tupleKey({ issuer, subject, expression, audiences }: FederatedTuple): string {
  return JSON.stringify([issuer, subject, expression, [...audiences].sort()]);
}

export function isMeant({ credentials }: FederatedTarget, tuple: FederatedTuple): boolean {
  return credentials === "all" || credentials.some((one) => tupleKey(one) === tupleKey(tuple));
}
