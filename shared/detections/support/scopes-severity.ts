/** How bad are delegated permissions? For everybody, or towards the whole tenant: high; for one user's own things: medium. */
import type { Severity } from "../../domain/finding.ts";
import { isTierZeroScope } from "../data/permissions.ts";

export function scopesSeverity(scopes: readonly string[], forEverybody: boolean): Severity {
  return forEverybody || scopes.some(isTierZeroScope) ? "high" : "medium";
}
