/** When one identity was used last, asked anew: the report by Graph (beta, entra-facts §1.6), and what our own hub saw. */
import { z } from "zod";
import { Guid, type IdentityKey, refOfKey } from "../../../domain/identity.ts";
import type { Services } from "../../../ports/services.ts";
import { type ApiRequest, odataString } from "../../../ports/tenant.ts";
import { readBaseline } from "../../ingest/baselines.ts";
import { askAll } from "../../snapshot/read-facts.ts";

export interface UseNow {
  /** epoch ms of the latest use by any signal; null: none is known */
  readonly lastUsedAt: number | null;
  /** the report has a row of it; without one it knows nothing */
  readonly isListed: boolean;
  /** what could not be read, so that nothing may be done on this; null: all was */
  readonly unread: string | null;
}

const Activity = z.looseObject({ lastSignInDateTime: z.string().nullish() }).nullish();
const Row = z.looseObject({
  appId: Guid,
  lastSignInActivity: Activity,
  delegatedClientSignInActivity: Activity,
  delegatedResourceSignInActivity: Activity,
  applicationAuthenticationClientSignInActivity: Activity,
  applicationAuthenticationResourceSignInActivity: Activity,
});
const Report = z.object({ value: z.array(Row) });

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
  const said = report.value.filter((row) => row.appId === appId).flatMap(timesOf);
  const isUnreadable = said.some((at) => !Number.isFinite(at));
  return {
    lastUsedAt: latest([...days, ...said.filter(Number.isFinite)]),
    isListed: said.length > 0,
    // offsets like -8:00 occur: what cannot be read may be the latest
    unread: isUnreadable ? "the sign-in report holds a time that cannot be read" : null,
  };
}

function timesOf(row: z.output<typeof Row>): readonly number[] {
  const activities = [
    row.lastSignInActivity,
    row.delegatedClientSignInActivity,
    row.delegatedResourceSignInActivity,
    row.applicationAuthenticationClientSignInActivity,
    row.applicationAuthenticationResourceSignInActivity,
  ];
  return activities.flatMap((one) => (one?.lastSignInDateTime ? [Date.parse(one.lastSignInDateTime)] : []));
}

function latest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times);
}
