/** What tells one federated credential from another. */
import { z } from "zod";
import { hashId } from "./ids.ts";

/** Who may sign in, never its name: `issuer`, `subject` or expression, `audience`. */
export const FederatedTuple = z.object({
  issuer: z.string(),
  /** null where an expression says it */
  subject: z.string().nullable(),
  expression: z.string().nullable(),
  audiences: z.array(z.string()),
});
export type FederatedTuple = z.infer<typeof FederatedTuple>;

/** The same for the same credential, in whatever order the audiences stand. Entra compares issuer and subject by case. */
export function federatedTupleKey({ issuer, subject, expression, audiences }: FederatedTuple): string {
  return JSON.stringify([issuer, subject, expression, [...audiences].sort()]);
}

/** How a baseline keeps it. */
export function federatedTupleHash(tuple: FederatedTuple): string {
  return hashId(federatedTupleKey(tuple));
}

/** How a baseline keeps what our own service principal did with it. */
export function ownDeedHash(deed: "taken" | "given", tuple: FederatedTuple): string {
  return hashId(deed, federatedTupleKey(tuple));
}
