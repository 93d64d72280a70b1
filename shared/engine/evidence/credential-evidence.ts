/** Is a credential that may go still unused? Asked of the report anew, right before it is removed (beta; filter by key id, entra-facts §1.6). */

import { z } from "zod";
import { dayMs } from "../../domain/day.ts";
import type { RetirePolicy } from "../../domain/retire-policy.ts";
import type { CredentialVerdict } from "../../domain/use.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { type ApiRequest, odataString } from "../../ports/tenant.ts";
import { askAll } from "../snapshot/read-facts.ts";
import { keyUseRow } from "../unused/scan/scan-rows.ts";
import type { Evidence } from "./evidence-answer.ts";

const Page = z.object({ value: z.array(z.unknown()), "@odata.nextLink": z.string().nullish() });

/** `foundAt`: epoch ms at which it was found unused. What has expired needs no row: nobody can use it. */
export async function credentialEvidence(
  services: Services,
  { keyId, reason }: CredentialVerdict,
  foundAt: number,
  { unusedDays }: RetirePolicy["credentials"],
): Promise<Pick<Evidence, "borneOut" | "withdrawn" | "because">> {
  const unknown = (because: string) => ({ borneOut: null, withdrawn: false, because });
  const path = `/reports/appCredentialSignInActivities?$filter=keyId eq ${odataString(keyId)}`;
  const request: ApiRequest = { method: "GET", version: "beta", path, lane: "reports" };
  const answer = (await askAll(services, [request])).get(request);
  const page = answer?.ok === true ? Page.safeParse(answer.body).data : undefined;
  if (page === undefined) {
    return unknown(
      `the report on credentials could not be read: ${answer?.ok === false ? answer.code : "another shape"}`,
    );
  }
  const rows = page.value.map(keyUseRow);
  if (page["@odata.nextLink"] || rows.some((row) => row?.[0].toLowerCase() !== keyId.toLowerCase())) {
    return unknown("the report on credentials answered of others");
  }
  const uses = rows.flatMap((row) => row?.slice(1) ?? []).map(Number);
  if (uses.length < rows.length) return unknown("the report on credentials holds a time that cannot be read");
  const isExpired = reason.code === "credential-expired";
  const from = isExpired ? foundAt : foundAt - unusedDays * dayMs;
  const last = Math.max(...uses, Number.NEGATIVE_INFINITY);
  if (last > from) return { borneOut: false, withdrawn: true, because: `it was used at ${isoAt(last)}` };
  if (rows.length === 0 && !isExpired) return unknown("the report on credentials has no row of it");
  return { borneOut: true, withdrawn: false };
}
