/** Graph's own copies of risk detections: the newest of the tenant, or all of one service principal, page by page. */
import { z } from "zod";
import { Guid } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { type ApiAnswer, type ApiRequest, odataString } from "../../ports/tenant.ts";

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

const pageSize = 500;
const pagesRead = 4;

function listRequest(query: string): ApiRequest {
  const path = `/identityProtection/servicePrincipalRiskDetections?${query}`;
  return { method: "GET", version: "v1.0", path, lane: "identity-protection" };
}

/** The newest of the tenant, page by page. */
export async function* newestDetections(services: Services): AsyncGenerator<ApiAnswer> {
  const request = listRequest(`$top=${pageSize}&$orderby=detectedDateTime desc`);
  const deadlineAt = services.clock.now() + services.limits.requestTimeoutMs;
  let pages = 0;
  for await (const answer of services.tenant.pages(request, { deadlineAt })) {
    yield answer;
    if (++pages === pagesRead) return;
  }
}

/** `isWhole` false: a page could not be read, or there are more than we read; what is not among these is unknown. */
export async function detectionsOf(
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

/** Null: the page could not be read. */
export function recordsIn(answer: ApiAnswer): readonly RiskDetectionRecord[] | null {
  const page = Page.safeParse(answer.ok ? answer.body : null);
  if (!page.success) return null;
  return page.data.value.flatMap((item) => {
    const record = RiskDetectionRecord.safeParse(item);
    return record.success ? [record.data] : [];
  });
}
