/**
 * Identity Protection answers one request a second for the whole tenant, so one list serves every plan that waits: requests
 * that come while one is under way are answered together by the next. A detection that was seen a moment ago is not asked for
 * again.
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
  /** `unknown`: Graph could not be asked. Empty: Graph has no such detection. */
  find(wanted: Wanted): Promise<readonly RiskDetectionRecord[] | "unknown">;
}

interface Waiting {
  readonly wanted: Wanted;
  readonly answer: (found: readonly RiskDetectionRecord[] | "unknown") => void;
  readonly fail: (error: unknown) => void;
}

const freshMs = 5_000;
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

export function createRiskLookup(services: Services): RiskLookup {
  let waiting: Waiting[] = [];
  /** not among the newest of the tenant: each service principal needs a request of its own */
  let alone: readonly Waiting[] = [];
  let underWay = false;
  const recent = createRecent(services);

  /** One list for all; answers those who were not among the newest of the tenant. */
  async function answerFromNewest(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    let left = batch;
    for await (const records of newestDetections(services)) {
      recent.keep(records);
      for (const { wanted, answer } of left) {
        const found = records.filter((record) => fits(record, wanted));
        if (found.length > 0) answer(found);
      }
      left = left.filter(({ wanted }) => !records.some((record) => fits(record, wanted)));
      if (left.length === 0) break;
    }
    return left;
  }

  /** All that is asked about one service principal, by one list of its own, before anything is concluded. */
  async function answerAlone(together: readonly Waiting[], servicePrincipalId: string): Promise<void> {
    const { records, isWhole } = await detectionsOf(services, servicePrincipalId);
    recent.keep(records);
    for (const { wanted, answer } of together) {
      const found = records.filter((record) => fits(record, wanted));
      answer(found.length > 0 || isWhole ? found : "unknown");
    }
  }

  /** Between two lists of their own, those who came meanwhile get theirs in common: a flood of claims must not bar the way. */
  async function turn(): Promise<void> {
    const batch = waiting;
    waiting = [];
    const isAlone = new Set([...alone, ...batch].map(principalOf)).size === 1;
    alone = [...alone, ...(batch.length === 0 || isAlone ? batch : await answerFromNewest(batch))];
    const [first] = alone;
    if (first === undefined) return;
    const servicePrincipalId = principalOf(first);
    const together = alone.filter((one) => principalOf(one) === servicePrincipalId);
    alone = alone.filter((one) => !together.includes(one));
    await answerAlone(together, servicePrincipalId);
  }

  async function pump(): Promise<void> {
    if (underWay) return;
    underWay = true;
    try {
      // Those who ask in the same breath (the findings of one incident) are answered together.
      await Promise.resolve();
      while (waiting.length + alone.length > 0) {
        const asked = [...waiting, ...alone];
        await turn().catch((error: unknown) => {
          // nobody may wait for ever because one call broke
          alone = [];
          for (const { fail } of asked) fail(error);
        });
      }
    } finally {
      underWay = false;
    }
  }

  return {
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

function fits(record: RiskDetectionRecord, { servicePrincipalId, detectionId }: Wanted): boolean {
  return record.servicePrincipalId === servicePrincipalId && (detectionId === null || record.id === detectionId);
}

const pagesRead = 4;

function listRequest(query: string): ApiRequest {
  const path = `/identityProtection/servicePrincipalRiskDetections?${query}`;
  return { method: "GET", version: "v1.0", path, lane: "identity-protection" };
}

/** The newest of the tenant, page by page; ends early when a page cannot be read. */
async function* newestDetections(services: Services): AsyncGenerator<readonly RiskDetectionRecord[]> {
  const request = listRequest(`$top=${pageSize}&$orderby=detectedDateTime desc`);
  const deadlineAt = services.clock.now() + services.limits.requestTimeoutMs;
  let pages = 0;
  for await (const answer of services.tenant.pages(request, { deadlineAt })) {
    const records = recordsIn(answer);
    if (records === null) return;
    yield records;
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
