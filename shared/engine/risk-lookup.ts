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

export function createRiskLookup(services: Services): RiskLookup {
  let waiting: Waiting[] = [];
  let underWay = false;
  let recent: readonly { readonly at: number; readonly records: readonly RiskDetectionRecord[] }[] = [];

  function fromRecent(wanted: Wanted): readonly RiskDetectionRecord[] {
    const now = services.clock.now();
    recent = recent.filter(({ at }) => now - at < freshMs);
    const newest = new Map<string, RiskDetectionRecord>();
    for (const record of recent.flatMap(({ records }) => records)) {
      if (fits(record, wanted) && !newest.has(record.id)) newest.set(record.id, record);
    }
    return [...newest.values()];
  }

  async function ask(batch: readonly Waiting[]): Promise<void> {
    const principals = [...new Set(batch.map(({ wanted }) => wanted.servicePrincipalId))];
    const left = principals.length > 1 ? await answerFromNewest(batch) : batch;
    for (const one of left) await answerAlone(one);
  }

  /** One list for all; answers those who were not among the newest of the tenant. */
  async function answerFromNewest(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    let left = batch;
    for await (const records of newestDetections(services)) {
      recent = [{ at: services.clock.now(), records }, ...recent].slice(0, listsKept);
      for (const { wanted, answer } of left) {
        const found = records.filter((record) => fits(record, wanted));
        if (found.length > 0) answer(found);
      }
      left = left.filter(({ wanted }) => !records.some((record) => fits(record, wanted)));
      if (left.length === 0) break;
    }
    return left;
  }

  /** Asked for by itself, before anything is concluded; several of one service principal need one request. */
  async function answerAlone({ wanted, answer }: Waiting): Promise<void> {
    const known = fromRecent(wanted);
    const records = known.length > 0 ? known : await detectionsOf(services, wanted.servicePrincipalId);
    if (records !== null && known.length === 0)
      recent = [{ at: services.clock.now(), records }, ...recent].slice(0, listsKept);
    answer(records?.filter((record) => fits(record, wanted)) ?? "unknown");
  }

  async function pump(): Promise<void> {
    if (underWay) return;
    underWay = true;
    try {
      // Those who ask in the same breath (the findings of one incident) are answered together.
      await Promise.resolve();
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        await ask(batch).catch((error: unknown) => {
          // nobody may wait for ever because one call broke
          for (const { fail } of batch) fail(error);
        });
      }
    } finally {
      underWay = false;
    }
  }

  return {
    find(wanted) {
      const known = fromRecent(wanted);
      if (known.length > 0) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        waiting.push({ wanted, answer: resolve, fail: reject });
        void pump();
      });
    },
  };
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

/** Null: not to be had now. */
async function detectionsOf(
  services: Services,
  servicePrincipalId: string,
): Promise<readonly RiskDetectionRecord[] | null> {
  const request = listRequest(`$filter=servicePrincipalId eq ${odataString(servicePrincipalId)}`);
  const deadlineAt = services.clock.now() + services.limits.requestTimeoutMs;
  const [answer] = await services.tenant.read([request], { deadlineAt });
  return answer === undefined ? null : recordsIn(answer);
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
