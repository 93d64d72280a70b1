/** The facts of a ledger entry, cut where they would fill it, and saying what was cut. */
import { hash } from "node:crypto";

/** Characters of JSON: some hundred steps with their requests. What is longer is a row of its own, and the hash says which. */
const room = 64_000;

interface Cut {
  readonly field: string;
  /** elements of a list, characters of anything else */
  readonly of: number;
  readonly kept: number;
  /** of the JSON of the whole field, base64url */
  readonly sha256: string;
}

/** As they are while they fit. Otherwise the longest fields share what the others leave, keep their beginnings, and `cut` names them. */
export function boundedFacts(facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (jsonOf(facts).length <= room) return facts;
  const fields = Object.entries(facts).map(([field, value]) => ({ field, value, json: jsonOf(value) }));
  fields.sort((a, b) => a.json.length - b.json.length);
  const kept: Record<string, unknown> = {};
  const cut: Cut[] = [];
  let left = room;
  for (const [at, { field, value, json }] of fields.entries()) {
    const share = Math.floor(left / (fields.length - at));
    left -= Math.min(share, json.length);
    if (json.length <= share) kept[field] = value;
    else {
      const beginning = beginningOf(value, share);
      kept[field] = beginning;
      const of = Array.isArray(value) ? value.length : json.length;
      cut.push({ field, of, kept: beginning.length, sha256: hash("sha256", json, "base64url") });
    }
  }
  return { ...kept, cut };
}

/** The first elements of a list; of anything else the first characters. */
function beginningOf(value: unknown, share: number): readonly unknown[] | string {
  if (!Array.isArray(value)) return (typeof value === "string" ? value : jsonOf(value)).slice(0, share);
  let length = 0;
  const kept = value.findIndex((element) => {
    length += jsonOf(element).length + 1;
    return length > share;
  });
  return kept === -1 ? value : value.slice(0, kept);
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
