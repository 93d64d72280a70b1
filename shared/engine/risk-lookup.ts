/**
 * Identity Protection answers one request a second for the whole tenant, so one list of the newest serves every plan that
 * waits. It may be sent before anybody knows what to look for: who asks while it is under way is answered by it. A detection
 * that was seen a moment ago is not asked for again.
 */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import type { Services } from "../ports/services.ts";
import { type ApiAnswer, type ApiRequest, odataString } from "../ports/tenant.ts";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

/** Graph's own copy of a risk detection, in the fields we weigh. */
export const RiskDetectionRecord = z
  .object({
    id: z.string(),
    servicePrincipalId: Guid,
    riskEventType: text,
    riskLevel: text,
    riskState: text,
    riskDetail: text,
    keyIds: z
      .array(z.string())
      .nullish()
      .transform((ids) => (ids ?? []).map((id) => id.toLowerCase())),
    activityDateTime: z.string().nullish(),
    detectedDateTime: z.string().nullish(),
  })
  .transform(({ activityDateTime, detectedDateTime, ...rest }) => ({
    ...rest,
    activityDateTime: activityDateTime ?? detectedDateTime ?? "",
  }));
export type RiskDetectionRecord = z.output<typeof RiskDetectionRecord>;

export interface Wanted {
  readonly servicePrincipalId: string;
  /** null: any detection of that service principal */
  readonly detectionId: string | null;
}

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

const freshMs = 5_000;
/** The lane's pace: a list more often would only wait there, before those who have something to ask. */
const prefetchApartMs = 1_000;
const pageSize = 500;
const listsKept = 20;

/** Lists of the last seconds. */
function createRecent({ clock }: Services) {
  let lists: readonly { readonly at: number; readonly records: readonly RiskDetectionRecord[] }[] = [];
  return {
    keep(records: readonly RiskDetectionRecord[]): void {
      lists = [{ at: clock.now(), records }, ...lists].slice(0, listsKept);
    },
    find(wanted: Wanted): readonly RiskDetectionRecord[] {
      const now = clock.now();
      lists = lists.filter(({ at }) => now - at < freshMs);
      const newest = new Map<string, RiskDetectionRecord>();
      for (const record of lists.flatMap(({ records }) => records)) {
        if (fits(record, wanted) && !newest.has(record.id)) newest.set(record.id, record);
      }
      return [...newest.values()];
    },
  };
}

/** When a list may be sent that nobody has asked for. */
function createPace({ clock }: Services) {
  let startedAt = Number.NEGATIVE_INFINITY;
  let isRefused = false;
  return {
    mayStart(): boolean {
      if (isRefused || clock.now() - startedAt < prefetchApartMs) return false;
      startedAt = clock.now();
      return true;
    },
    /** A tenant that may not list them all (no licence, no permission) is not asked to again. */
    after(answer: ApiAnswer): void {
      isRefused ||= !answer.ok && !answer.retryable && answer.status >= 400 && answer.status < 500;
    },
  };
}

export function createRiskLookup(services: Services): RiskLookup {
  let waiting: Waiting[] = [];
  /** not among the newest of the tenant: each service principal needs a request of its own */
  let alone: readonly Waiting[] = [];
  let underWay = false;
  let prefetching = false;
  const prefetches = createPace(services);
  const recent = createRecent(services);

  /** One list for all who wait, also those who come while it is read; who is left needs a list of their own. */
  async function answerFromNewest(): Promise<void> {
    for await (const answer of newestDetections(services)) {
      const records = recordsIn(answer);
      if (records === null) {
        prefetches.after(answer);
        break;
      }
      recent.keep(records);
      waiting = answerFrom(records, waiting);
      if (principals([...waiting, ...alone]) < 2) break;
    }
  }

  /** Between two lists of their own, those who came meanwhile get theirs in common: a flood of claims must not bar the way. */
  async function turn(): Promise<void> {
    const isForAll = prefetching || (waiting.length > 0 && principals([...waiting, ...alone]) > 1);
    prefetching = false;
    if (isForAll) await answerFromNewest();
    alone = [...alone, ...waiting];
    waiting = [];
    const [first] = alone;
    if (first === undefined) return;
    const servicePrincipalId = principalOf(first);
    // All that is asked about one service principal, before anything is concluded.
    const together = alone.filter((one) => principalOf(one) === servicePrincipalId);
    const { records, isWhole } = await detectionsOf(services, servicePrincipalId);
    recent.keep(records);
    for (const { answer } of answerFrom(records, together)) answer(isWhole ? [] : "unknown");
    alone = alone.filter((one) => !together.includes(one));
  }

  /** Nobody may wait for ever because one call broke. */
  function failAll(error: unknown): void {
    for (const { fail } of [...waiting, ...alone]) fail(error);
    [waiting, alone] = [[], []];
  }

  async function pump(): Promise<void> {
    if (underWay) return;
    underWay = true;
    // Those who ask in the same breath (the findings of one incident) are answered together.
    await Promise.resolve();
    while (prefetching || waiting.length + alone.length > 0) await turn().catch(failAll);
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

function fits(record: RiskDetectionRecord, { servicePrincipalId, detectionId }: Wanted): boolean {
  return record.servicePrincipalId === servicePrincipalId && (detectionId === null || record.id === detectionId);
}

const pagesRead = 4;

function listRequest(query: string): ApiRequest {
  const path = `/identityProtection/servicePrincipalRiskDetections?${query}`;
  return { method: "GET", version: "v1.0", path, lane: "identity-protection" };
}

/** The newest of the tenant, page by page. */
async function* newestDetections(services: Services): AsyncGenerator<ApiAnswer> {
  const request = listRequest(`$top=${pageSize}&$orderby=detectedDateTime desc`);
  const deadlineAt = services.clock.now() + services.limits.requestTimeoutMs;
  let pages = 0;
  for await (const answer of services.tenant.pages(request, { deadlineAt })) {
    yield answer;
    if (++pages === pagesRead) return;
  }
}

/** `isWhole` false: a page could not be read, or there are more than we read; what is not among these is unknown. */
async function detectionsOf(
  services: Services,
  servicePrincipalId: string,
): Promise<{ readonly records: readonly RiskDetectionRecord[]; readonly isWhole: boolean }> {
  const request = listRequest(`$filter=servicePrincipalId eq ${odataString(servicePrincipalId)}`);
  const deadlineAt = services.clock.now() + services.limits.requestTimeoutMs;
  const records: RiskDetectionRecord[] = [];
  let pages = 0;
  for await (const answer of services.tenant.pages(request, { deadlineAt })) {
    const page = pages++ < pagesRead ? recordsIn(answer) : null;
    if (page === null) return { records, isWhole: false };
    records.push(...page);
  }
  return { records, isWhole: pages > 0 };
}

const Page = z.object({ value: z.array(z.unknown()) });

function recordsIn(answer: ApiAnswer): readonly RiskDetectionRecord[] | null {
  const page = Page.safeParse(answer.ok ? answer.body : null);
  if (!page.success) return null;
  return page.data.value.flatMap((item) => {
    const record = RiskDetectionRecord.safeParse(item);
    return record.success ? [record.data] : [];
  });
}
