/** Which home applications publish through application proxy: beta only, and one read an application (`onPremisesPublishing`). */
import { z } from "zod";
import type { Services } from "../../ports/services.ts";
import { type ApiRequest, apiPath } from "../../ports/tenant.ts";

const atOnce = 20;
const timeoutMs = 60_000;

const Published = z.looseObject({
  onPremisesPublishing: z.looseObject({ externalUrl: z.string().nullish() }).nullish(),
});

/** By appId; what could not be read until `endsAt` (epoch ms) is not there, hence unknown. */
export async function readAppProxies(
  services: Services,
  applications: readonly { readonly id: string; readonly appId: string }[],
  endsAt: number,
): Promise<ReadonlyMap<string, boolean>> {
  const proxies = new Map<string, boolean>();
  for (let from = 0; from < applications.length; from += atOnce) {
    const some = applications.slice(from, from + atOnce);
    const requests = some.map(({ id }): ApiRequest => {
      const path = apiPath`/applications/${id}?$select=id,onPremisesPublishing`;
      return { method: "GET", version: "beta", path, lane: "directory" };
    });
    const now = services.clock.now();
    if (now >= endsAt) break;
    const deadlineAt = Math.min(now + timeoutMs, endsAt);
    const answers = await services.tenant.read(requests, { deadlineAt, priority: "low" });
    for (const [i, { appId }] of some.entries()) {
      const answer = answers[i];
      const published = answer?.ok === true ? Published.safeParse(answer.body) : null;
      if (published?.success === true) proxies.set(appId, Boolean(published.data.onPremisesPublishing?.externalUrl));
    }
  }
  return proxies;
}
