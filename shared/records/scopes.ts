/** Delegated permissions as audit records write them: words in one text, perhaps with spaces around and repeated. */

/** One record may carry a text of any length. */
const mostScopes = 500;

export function scopesIn(text: string): readonly string[] {
  return [...new Set(text.split(/\s+/).filter((scope) => scope !== ""))].slice(0, mostScopes);
}

/** What is in `after` and was not in `before`; scopes are compared without case. */
export function addedScopes(after: string, before: string): string[] {
  const known = new Set(scopesIn(before).map((scope) => scope.toLowerCase()));
  return scopesIn(after).filter((scope) => !known.has(scope.toLowerCase()));
}

/** Null: not said, or a kind not known yet. */
export function consentTypeOf(text: string | null): "AllPrincipals" | "Principal" | null {
  const kinds = ["AllPrincipals", "Principal"] as const;
  return kinds.find((kind) => kind.toLowerCase() === text?.toLowerCase()) ?? null;
}
