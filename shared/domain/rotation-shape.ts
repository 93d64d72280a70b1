/** What a rotation looks like in a record: one in and one out in the same change, or a new one beside exactly one old one. */
import type { Finding } from "./finding.ts";

export interface Shape {
  /** does a record that does not say what was there before count? */
  readonly unsaid: boolean;
}

export function isRotationShape({ details }: Finding, { unsaid }: Shape): boolean {
  if (details.about !== "credential-added" || details.added.length !== 1) return false;
  return details.removed.length > 0 || details.before === 1 || (details.before === null && unsaid);
}
