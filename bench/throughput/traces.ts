/** A recorded run, taken apart by identity: what a floor has to send for each, and in which order. */
import type { Victim } from "../backdrop/contract.ts";
import type { Recorded } from "./recorded.ts";

export interface TracedRequest {
  readonly request: Recorded;
  /** places in the trace that must be answered before this one leaves */
  readonly after: readonly number[];
}

/** One identity's requests, oldest first. */
export type Trace = readonly TracedRequest[];

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Requests that serve many identities at once (risk list, reservations) are dealt out evenly, so that none is left out. */
export function tracesOf(requests: readonly Recorded[], victims: readonly Victim[]): readonly Trace[] {
  const places = new Map(victims.flatMap(({ id, appId }, i) => [[id, i] as const, [appId, i] as const]));
  const own: Recorded[][] = victims.map(() => []);
  let shared = 0;
  for (const request of requests) {
    const at = placeOf(request, places) ?? (shared++ * 7) % victims.length;
    own[at]?.push(request);
  }
  return own.map(inOrder);
}

function placeOf({ url, body }: Recorded, places: ReadonlyMap<string, number>): number | null {
  for (const text of [url, body ?? ""]) {
    for (const [found] of text.matchAll(guid)) {
      const place = places.get(found.toLowerCase());
      if (place !== undefined) return place;
    }
  }
  return null;
}

/** What had been answered when a request left may have been its reason; what was under way was not. */
function inOrder(requests: readonly Recorded[]): Trace {
  const sorted = requests.toSorted((a, b) => a.sentAt - b.sentAt);
  return sorted.map((request, i) => ({
    request,
    after: sorted.slice(0, i).flatMap((other, at) => (other.answeredAt <= request.sentAt ? [at] : [])),
  }));
}
