/** When one identity was used last, asked anew: the report by Graph (beta, entra-facts §1.6), and what our own hub saw. */
import { z } from "zod";
import { type IdentityKey, refOfKey } from "../../../domain/identity.ts";
import type { Services } from "../../../ports/services.ts";
import { type ApiRequest, odataString } from "../../../ports/tenant.ts";
import { readBaseline } from "../../ingest/baselines.ts";
import { askAll } from "../../snapshot/read-facts.ts";
import { type ReportedRow, reportedRow } from "../scan/scan-rows.ts";

export interface UseNow {
  /** epoch ms of the latest use by any signal; null: none is known */
  readonly lastUsedAt: number | null;
  /** the report has a row of it; without one it knows nothing */
  readonly isListed: boolean;
  /** what could not be read, so that nothing may be done on this; null: all was */
  readonly unread: string | null;
}

const Report = z.object({ value: z.array(z.unknown()), "@odata.nextLink": z.string().nullish() });

export async function readUse(services: Services, key: IdentityKey): Promise<UseNow> {
  const { appId } = refOfKey(key);
  if (appId === null)
    return { lastUsedAt: null, isListed: false, unread: "the identity has no appId, by which the report goes" };
  const path = `/reports/servicePrincipalSignInActivities?$filter=appId eq ${odataString(appId)}`;
  const request: ApiRequest = { method: "GET", version: "beta", path, lane: "reports" };
  const [answers, baseline] = await Promise.all([askAll(services, [request]), readBaseline(services, key)]);
  const days = Object.values(baseline?.seen.day ?? {}).map(([, last]) => last);
  const answer = answers.get(request);
  const report = answer?.ok === true ? Report.safeParse(answer.body).data : undefined;
  if (report === undefined) {
    const code = answer?.ok === false ? answer.code : "another shape";
    return { lastUsedAt: latest(days), isListed: false, unread: `the sign-in report could not be read: ${code}` };
  }
  const rows = report.value.map(reportedRow);
  const own = rows.flatMap((row) => (row?.[0] === appId ? [row] : []));
  const said = own.flatMap(([, ...times]) => times.filter((at) => at !== null));
  return { lastUsedAt: latest([...days, ...said]), isListed: said.length > 0, unread: whyUnread(report, rows, appId) };
}

/** As a scan reads it: a row without its times has one that cannot be read, and that one may be the latest. */
function whyUnread(
  report: z.output<typeof Report>,
  rows: readonly (ReportedRow | null)[],
  appId: string,
): string | null {
  if (report["@odata.nextLink"] || rows.some((row) => row?.[0] !== appId)) {
    return "the sign-in report answered of others, or in another shape";
  }
  return rows.some((row) => row?.length === 1) ? "the sign-in report holds a time that cannot be read" : null;
}

function latest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times);
}
