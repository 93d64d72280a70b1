/**
 * Copies the tenant's trusted IP named locations to state, so that a sign-in is held against them without asking Graph. Nightly and
 * at first start, only where the policy asks for them; takes Policy.Read.All.
 */
import { z } from "zod";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import type { NamedLocations } from "../../ports/stores.ts";
import type { ApiRequest } from "../../ports/tenant.ts";
import { deliverNow } from "../rows/deliver-notices.ts";
import { putDue } from "../rows/due.ts";
import { shortMs } from "../rows/expiry.ts";
import { tell } from "../rows/notices.ts";
import { Draft, loadPartition, read } from "../rows/partition.ts";
import { isWorthHolding } from "./trusted-locations.ts";

const leaseName = "copy-named-locations";
const leaseMs = 5 * 60_000;
/** A tenant has some 200 of them at most: a page or two, at one request a second. */
const readTimeoutMs = 60_000;

/** Shares its quota with Conditional Access (service limits of identity and access, throttling limits page). */
const request: ApiRequest = {
  method: "GET",
  version: "v1.0",
  path: "/identity/conditionalAccess/namedLocations",
  lane: "identity-protection",
};

const TrustedIp = z.object({
  "@odata.type": z.literal("#microsoft.graph.ipNamedLocation"),
  isTrusted: z.literal(true),
  ipRanges: z.array(z.object({ cidrAddress: z.union([z.cidrv4(), z.cidrv6()]) })),
});
/** Country locations, and untrusted ones, say nothing of trust. */
const OfOtherKind = z.union([
  z.object({ "@odata.type": z.string().refine((type) => type !== "#microsoft.graph.ipNamedLocation") }),
  z.object({ isTrusted: z.literal([false, null]).optional() }),
]);
const Page = z.object({ value: z.array(z.union([TrustedIp, OfOtherKind.transform(() => ({ ipRanges: [] }))])) });

/** False: nothing is to be done, or another instance is at it. What cannot be read leaves the old reading, and its age. */
export async function copyNamedLocations(services: Services): Promise<boolean> {
  const { clock, instance, logger, policy, stores } = services;
  if (policy.trustedLocations?.namedLocations !== true) return false;
  const now = clock.now();
  if (!(await stores.leases.acquire(leaseName, instance, now, now + leaseMs))) return false;
  try {
    const found = await readRanges(services);
    if (typeof found === "string") logger.warn("The named locations were not copied", { why: found });
    else await stores.namedLocations.put(policy.tenantId, { readAt: now, ranges: found });
    const kept = await stores.namedLocations.get(policy.tenantId);
    if (kept === null || !isWorthHolding(kept, now)) await tellUnknown(services, kept, found);
    return true;
  } finally {
    await stores.leases.release(leaseName, instance);
  }
}

/** All ranges, or why they are not known: one that cannot be read might be the one a sign-in comes from. */
async function readRanges({ clock, tenant }: Services): Promise<readonly string[] | string> {
  const ranges = new Set<string>();
  for await (const answer of tenant.pages(request, { deadlineAt: clock.now() + readTimeoutMs, priority: "low" })) {
    if (!answer.ok) return `Graph answers ${answer.status} ${answer.code}; Policy.Read.All is needed`;
    const page = Page.safeParse(answer.body);
    if (!page.success) return `Graph's answer cannot be read: ${z.prettifyError(page.error).slice(0, 300)}`;
    const found = page.data.value.flatMap(({ ipRanges }) => ipRanges);
    for (const { cidrAddress } of found) ranges.add(cidrAddress);
  }
  return [...ranges].sort();
}

const Told = z.object({ day: z.string() });

/** Nobody is held against named locations then: people hear of it, once a day. */
async function tellUnknown(
  services: Services,
  kept: NamedLocations | null,
  found: readonly string[] | string,
): Promise<void> {
  const { clock, policy, stores } = services;
  const { tenantId } = policy;
  const now = clock.now();
  const partition = await loadPartition(stores.identities, `${tenantId}|named-locations`);
  const day = isoAt(now).slice(0, 10);
  if (read(partition, "told", Told)?.day === day) return;
  const state = kept === null ? "were never read" : `were last read at ${isoAt(kept.readAt)}`;
  const why = typeof found === "string" ? `${state}: ${found}` : "hold no trusted IP range: mark one as trusted";
  const draft = new Draft(partition).put("told", { day } satisfies z.infer<typeof Told>, now + shortMs);
  const identity = { tenantId, appId: null, servicePrincipalId: null, applicationObjectId: null };
  tell(
    draft,
    {
      event: "named-locations.unknown",
      about: [day],
      severity: "medium",
      urgency: "chat",
      identity,
      message: `No sign-in is held against the tenant's named locations, which ${why}`,
      data: { readAt: kept === null ? null : isoAt(kept.readAt) },
    },
    now,
  );
  await putDue(services, { kind: "deliver", identity: partition.key }, now);
  // a lost race means that another instance tells it
  if (await draft.commit(stores.identities)) await deliverNow(services, partition.key);
}
