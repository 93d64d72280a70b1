/** Quota lanes with the figures of Microsoft Graph's throttling limits page; one process saturates them. */
import type { Clock } from "../ports/clock.ts";
import type { Lane } from "../ports/tenant.ts";
import { notSent } from "./answers.ts";
import { type Call, link } from "./call.ts";
import { type Admission, createLane, type LaneRate } from "./lane.ts";

export type LaneRates = Readonly<Record<Lane, LaneRate>>;

/** Timers get at most this part of what may be read, so that a scan never slows a containment. */
const lowShare = 0.3;

/**
 * `start` and `burst` are far below what Graph grants a rested tenant: we cannot know what was taken before we started, and a
 * 429 pauses a lane for longer than a small burst saves.
 */
export const defaultLaneRates: LaneRates = {
  /** resource units; the smallest tenant's (below 50 users): 3,500 in 10 s */
  directory: { ratePerSecond: 350, burst: 350, start: 40, lowShare },
  /** 3,000 in 150 s for one application in one tenant; what an idle half second saves is caught up with afterwards */
  "directory-write": { ratePerSecond: 20, burst: 10, start: 2, lowShare: 1 },
  /** one a second for the whole tenant, all applications together, and no Retry-After: jitter on the way must not cost a 429 */
  "identity-protection": { ratePerSecond: 0.95, burst: 1, lowShare: 1 },
  /** 5 in 10 s */
  reports: { ratePerSecond: 0.5, burst: 2, lowShare },
  /** 150 in a minute, `$select=keyCredentials` on any object */
  "key-credentials": { ratePerSecond: 2.5, burst: 10, lowShare },
  /** Resource Manager refills 10 writes and deletes a second for one principal in one subscription, and 25 reads */
  azure: { ratePerSecond: 10, burst: 20, lowShare },
};

export interface Lanes {
  /** A turn for each request in the call; admitted when all have theirs. */
  enter(call: Call): Promise<Admission>;
  pause(lane: Lane, ms: number): void;
}

export function createLanes(clock: Clock, overrides: Partial<LaneRates> = {}): Lanes {
  const rates = { ...defaultLaneRates, ...overrides };
  const lanes = {
    directory: createLane(clock, rates.directory),
    "directory-write": createLane(clock, rates["directory-write"]),
    "identity-protection": createLane(clock, rates["identity-protection"]),
    reports: createLane(clock, rates.reports),
    "key-credentials": createLane(clock, rates["key-credentials"]),
    azure: createLane(clock, rates.azure),
  };
  let tickets = 0;
  return {
    async enter(call) {
      const { lane, costs, options } = call.facts;
      call.ticket ??= tickets++;
      const turn = { priority: options.priority ?? "normal", deadlineAt: options.deadlineAt, ticket: call.ticket };
      const admissions = await Promise.all(costs.map((cost) => lanes[lane].enter({ ...turn, cost })));
      const refused = admissions.find(({ admitted }) => !admitted);
      if (refused !== undefined) return refused;
      // A write costs a resource unit, too; it does not wait for one behind reads, later reads wait instead.
      if (lane === "directory-write") lanes.directory.charge(1);
      return { admitted: true };
    },
    pause: (lane, ms) => lanes[lane].pause(ms),
  };
}

export function lanesLink(lanes: Lanes) {
  return link(async (call, _context, next) => {
    const admission = await lanes.enter(call);
    if (admission.admitted) return next();
    const message = "The deadline came before this request's turn in its quota lane; nothing was sent.";
    call.answer = notSent("deadline", message, { retryable: true, retryAfterMs: admission.retryAfterMs });
  });
}
