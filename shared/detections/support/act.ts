/** The same thing may be given, taken away and given again, so it is told apart by the record of the act as well. */
import type { IdentityEvent } from "../../domain/event.ts";

/** One record delivered twice is one act; two records of one act are two findings, and call for the same steps. */
export function actOf(event: IdentityEvent, ...thing: readonly (string | null)[]): string {
  return [...thing.map((part) => part ?? "?"), event.recordId].join(",");
}

/** Did the identity do it to itself? */
export function isByItself({ actor, subject }: IdentityEvent): boolean {
  return actor.kind === "workload" && actor.id !== null && actor.id === subject.servicePrincipalId;
}
