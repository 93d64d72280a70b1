/** Content negotiation (RFC 9110, 12.5.1) between the few types that an operation can answer with. */

/** The type the caller would rather have, the first one when all are equal. What it takes none of gets the first one, too. */
export function preferredType(accept: string | null, types: readonly string[]): string {
  const ranges = (accept ?? "*/*").toLowerCase().split(",").map(rangeOf);
  const [best] = types.map((type) => ({ type, q: qualityOf(type, ranges) })).sort((a, b) => b.q - a.q);
  return best?.type ?? "application/json";
}

interface Range {
  readonly type: string;
  readonly q: number;
}

function rangeOf(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  const quality = q === undefined ? 1 : Number(q);
  return { type, q: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** Of the most specific range that takes it. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const range of [type, `${type.split("/")[0]}/*`, "*/*"]) {
    const found = ranges.find((one) => one.type === range);
    if (found !== undefined) return found.q;
  }
  return 0;
}
