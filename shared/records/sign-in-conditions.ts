/** What a sign-in record says besides who signed in: from where, at what risk, and what Conditional Access thought of it. */
import { asText, type Fields, field, isFields, objectsIn, structured } from "./fields.ts";

/** A sign-in is under a few policies; a record that lists more is not worth the walk. */
const mostPolicies = 100;

const riskOrder = ["hidden", "none", "low", "medium", "high"];

/** ISO 3166 alpha-2, upper case. `properties.location` where it says one, else the envelope's; exporters write "" for neither. */
export function countryOf(location: unknown, outer: unknown): string | null {
  const inner = structured(location);
  return countryCode(isFields(inner) ? field(inner, "countryOrRegion") : inner) ?? countryCode(outer);
}

function countryCode(value: unknown): string | null {
  const text = asText(value);
  return text !== null && /^[a-z]{2}$/i.test(text) ? text.toUpperCase() : null;
}

/** A number or its text; 0 is what is written for "not known". */
export function systemNumber(value: unknown): number | null {
  const text = asText(value);
  const asn = text !== null && /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return asn > 0 && asn < 2 ** 32 ? asn : null;
}

/** The highest, as written. A word not known yet is more than none; `hidden` says nothing. */
export function highestRisk(...levels: readonly (string | null)[]): string | null {
  return levels.reduce((highest, level) => (rank(level) > rank(highest) ? level : highest), null);
}

function rank(level: string | null): number {
  if (level === null) return -1;
  const known = riskOrder.indexOf(level.toLowerCase());
  return known < 0 ? riskOrder.indexOf("none") + 0.5 : known;
}

/** Ids of the policies that stopped the sign-in, and of the report-only ones that would have. */
export function conditionalAccessOf(policies: unknown): {
  readonly blockedBy: string[];
  readonly wouldBlock: string[];
} {
  const applied = objectsIn(policies).slice(0, mostPolicies);
  return { blockedBy: withResult(applied, "failure"), wouldBlock: withResult(applied, "reportonlyfailure") };
}

function withResult(policies: readonly Fields[], result: string): string[] {
  const ids = policies.flatMap((policy) => {
    const id = asText(field(policy, "id"));
    return id !== null && asText(field(policy, "result"))?.toLowerCase() === result ? [id.toLowerCase()] : [];
  });
  return [...new Set(ids)].sort();
}
