/**
 * Identity Protection answers one request a second for the whole tenant, so one list of the newest serves every plan that
 * waits. It may be sent before anybody knows what to look for: who asks while it is under way is answered by it. A detection
 * that was seen a moment ago is not asked for again.
 */
import type { Services } from "../../ports/services.ts";
import { detectionsOf, newestDetections, type RiskDetectionRecord, recordsIn } from "./risk-detections.ts";
import { createDepth, createPace, createRecent, fits, type Wanted } from "./risk-lists.ts";

export interface RiskLookup {
  /** Starts the list of the newest, as somebody will ask; not when one is under way or fresh, or Graph refuses such a list. */
  prefetch(): void;
  /** `unknown`: Graph could not be asked. Empty: Graph has no such detection. */
  find(wanted: Wanted): Promise<readonly RiskDetectionRecord[] | "unknown">;
}

interface Waiting {
  readonly wanted: Wanted;
  readonly answer: (found: readonly RiskDetectionRecord[] | "unknown") => void;
  readonly fail: (error: unknown) => void;
}

export function createRiskLookup(services: Services): RiskLookup {
  let waiting: Waiting[] = [];
  /** not among the newest of the tenant: each service principal needs a request of its own */
  let alone: readonly Waiting[] = [];
  let underWay = false;
  let prefetching = false;
  const prefetches = createPace(services);
  const recent = createRecent(services);
  const depth = createDepth(services);

  /** One list for all who wait, also those who come while it is read; who is left needs a list of their own. */
  async function answerFromNewest(): Promise<void> {
    for await (const records of newestPages(services, { recent, depth, prefetches })) {
      const left = answerFrom(records, waiting);
      const isDeepEnough = depth.hasRead(left.length < waiting.length);
      waiting = left;
      if (isDeepEnough && principals([...waiting, ...alone]) < 2) break;
    }
  }

  /** Between two lists of their own, those who came meanwhile get theirs in common: a flood of claims must not bar the way. */
  async function turn(): Promise<void> {
    const isForAll = prefetching || (waiting.length > 0 && principals([...waiting, ...alone]) > 1);
    prefetching = false;
    if (isForAll) await answerFromNewest();
    alone = [...alone, ...waiting];
    waiting = [];
    const together = sharingFirst(alone);
    const [first] = together;
    if (first === undefined) return;
    const { records, isWhole } = await detectionsOf(services, principalOf(first));
    recent.keep(records);
    for (const { answer } of answerFrom(records, together)) answer(isWhole ? [] : "unknown");
    alone = alone.filter((one) => !together.includes(one));
  }

  async function pump(): Promise<void> {
    if (underWay) return;
    underWay = true;
    await Promise.resolve(); // those who ask in the same breath (the findings of one incident) are answered together
    while (prefetching || waiting.length + alone.length > 0) {
      await turn().catch((error: unknown) => {
        for (const { fail } of [...waiting, ...alone]) fail(error); // nobody may wait for ever because one call broke
        [waiting, alone] = [[], []];
      });
    }
    underWay = false;
  }

  return {
    prefetch() {
      if (underWay || !prefetches.mayStart()) return;
      prefetching = true;
      void pump();
    },
    find(wanted) {
      const known = recent.find(wanted);
      if (known.length > 0) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        waiting.push({ wanted, answer: resolve, fail: reject });
        void pump();
      });
    },
  };
}

interface Lists {
  readonly recent: ReturnType<typeof createRecent>;
  readonly depth: ReturnType<typeof createDepth>;
  readonly prefetches: ReturnType<typeof createPace>;
}

/** Remembers each page as it comes; ends with the first that cannot be read. */
async function* newestPages(services: Services, { recent, depth, prefetches }: Lists) {
  depth.begin();
  for await (const answer of newestDetections(services)) {
    const records = recordsIn(answer);
    if (records === null) return prefetches.after(answer);
    recent.keep(records);
    yield records;
  }
}

/** All that is asked about one service principal, before anything is concluded. */
function sharingFirst(all: readonly Waiting[]): readonly Waiting[] {
  return all.filter((one, _, [first]) => first !== undefined && principalOf(one) === principalOf(first));
}

function principalOf({ wanted }: Waiting): string {
  return wanted.servicePrincipalId;
}

/** Answers whom the records answer; the rest are left. */
function answerFrom(records: readonly RiskDetectionRecord[], waiting: readonly Waiting[]): Waiting[] {
  return waiting.filter(({ wanted, answer }) => {
    const found = records.filter((record) => fits(record, wanted));
    if (found.length > 0) answer(found);
    return found.length === 0;
  });
}

function principals(all: readonly Waiting[]): number {
  return new Set(all.map(principalOf)).size;
}
