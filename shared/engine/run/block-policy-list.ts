/** Who belongs on the Conditional Access block policy's list, from the ledger alone: the home applications that stand contained. */
import pLimit from "p-limit";
import { disableServicePrincipal } from "../../actions/disable-service-principal.ts";
import { servicePrincipalRead } from "../../actions/reads.ts";
import { RetryableError } from "../../domain/errors.ts";
import { type IdentityKey, refOfKey } from "../../domain/identity.ts";
import { ServicePrincipal } from "../../domain/snapshot.ts";
import type { Services } from "../../ports/services.ts";
import { knownKind } from "../incident/known-kind.ts";
import { loadPartition, type Partition } from "../rows/partition.ts";
import { readPlan, stepRow, stepsOf } from "../rows/plans.ts";
import { isOurReceipt } from "../rows/receipts.ts";
import { StageRow } from "../rows/rows.ts";

const inFlight = 16;
const retryAfterMs = 60_000;

/**
 * Object ids of service principals, sorted. Conditional Access covers single-tenant applications of the tenant only. Throws
 * RetryableError when Graph does not say who an identity is that was disabled before we came.
 */
export async function contained(services: Services): Promise<readonly string[]> {
  const plansOfKey = new Map<IdentityKey, string[]>();
  for await (const { identity, row } of services.stores.identities.list("stage|")) {
    const [, planId = "", stage] = row.key.split("|");
    if (stage !== "contain" || StageRow.safeParse(row.value).data?.status !== "done") continue;
    plansOfKey.set(identity, [...(plansOfKey.get(identity) ?? []), planId]);
  }
  const limit = pLimit(inFlight);
  const found = await Promise.all(
    [...plansOfKey].map(([key, planIds]) => limit(() => containedAs(services, key, planIds))),
  );
  return [...new Set(found.flatMap((id) => id ?? []))].sort();
}

async function containedAs(services: Services, key: IdentityKey, planIds: readonly string[]): Promise<string | null> {
  const partition = await loadPartition(services.stores.identities, key);
  if (knownKind(partition)?.kind !== "home-single-tenant") return null;
  const how = await Promise.all(planIds.map((id) => disableOf(services, partition, id)));
  const ours = how.find((one) => one !== null && one !== "in-place");
  if (ours != null) return ours;
  return how.includes("in-place") ? disabledByOthers(services, key) : null;
}

/** The id in our own receipt; `in-place`: it was disabled before we came; null: no disable of this plan stands. */
async function disableOf(services: Services, partition: Partition, planId: string): Promise<string | null> {
  const stored = await readPlan(partition, planId, services.signer);
  if (stored === null || stored === "altered" || stored.plan.mode === "observe") return null;
  for (const { index, step } of stepsOf(stored.plan, "contain")) {
    if (step.action !== disableServicePrincipal.id) continue;
    const row = stepRow(partition, planId, index);
    if (row.outcome?.status === "already-in-place") return "in-place";
    if (row.outcome?.status !== "applied") continue;
    // an altered receipt names nobody: Graph says then whose id it is
    if (!(await isOurReceipt(services.signer, planId, index, row))) return "in-place";
    return disableServicePrincipal.receipt.parse(row.receipt).servicePrincipalId;
  }
  return null;
}

/** We keep no receipt of what somebody else did: Graph says its id, and whether that still holds. */
async function disabledByOthers({ clock, limits, tenant }: Services, key: IdentityKey): Promise<string | null> {
  const deadlineAt = clock.now() + limits.requestTimeoutMs;
  const [answer] = await tenant.read([servicePrincipalRead(refOfKey(key))], { deadlineAt, priority: "low" });
  if (answer?.ok) {
    const found = ServicePrincipal.parse(answer.body);
    return found.accountEnabled === false ? found.id : null;
  }
  if (answer?.status === 404) return null;
  throw new RetryableError(`who ${key} is could not be read`, { code: "unread", retryAfterMs, cause: answer });
}
