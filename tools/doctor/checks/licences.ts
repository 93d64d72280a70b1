/** Licences of the tenant against what the policy counts on. */
import { z } from "zod";
import type { Policy } from "../../../shared/domain/policy.ts";
import type { Tenant } from "../../../shared/ports/tenant.ts";
import { bodyOf, readOne } from "../../tenant/ask.ts";
import { type Check, failed, ok, warning } from "../check.ts";

const Skus = z.object({
  value: z.array(
    z.object({
      capabilityStatus: z.string().nullish(),
      servicePlans: z.array(z.object({ servicePlanId: z.string(), provisioningStatus: z.string().nullish() })),
    }),
  ),
});

/** Ids of service plans ("Product names and service plan identifiers for licensing"). */
const plans = {
  p1: ["41781fb2-bc02-4b7c-bd55-b576c07bb09d"], // AAD_PREMIUM
  p2: ["eec0eb4f-6444-4f95-aba0-50c24d67f998"], // AAD_PREMIUM_P2
  workload: ["84c289f0-efcb-486f-8581-07f44fc9efad", "7dc0e92d-bf15-401d-907e-0884efe7c760"], // AAD_WRKLDID_P1, _P2
} as const;

export async function checkLicences(tenant: Tenant, policy: Policy): Promise<readonly Check[]> {
  const answer = await readOne(tenant, { method: "GET", version: "v1.0", path: "/subscribedSkus", lane: "directory" });
  const takes = "LicenseAssignment.Read.All or Organization.Read.All, or the directory role Directory Readers";
  const { value } = Skus.parse(bodyOf(answer, "reading the tenant's licences", takes));
  const usable = value.filter(
    ({ capabilityStatus }) => capabilityStatus === "Enabled" || capabilityStatus === "Warning",
  );
  const held = new Set(
    usable
      .flatMap(({ servicePlans }) => servicePlans)
      .filter(isOn)
      .map(({ servicePlanId }) => servicePlanId.toLowerCase()),
  );
  const has = (wanted: readonly string[]) => wanted.some((id) => held.has(id));
  return [signIns(has(plans.p1) || has(plans.p2)), roles(has(plans.p2)), workload(has(plans.workload), policy)];
}

function isOn({ provisioningStatus }: { readonly provisioningStatus?: string | null | undefined }): boolean {
  return provisioningStatus !== "Disabled" && provisioningStatus !== "Error";
}

function signIns(has: boolean): Check {
  const about = "licence Entra ID P1 or P2";
  if (has) return ok(about, "there");
  return warning(
    about,
    "not found",
    "without it Entra sends no sign-in logs: nothing is learned of where identities sign in from, and no detection of sign-ins works",
  );
}

function roles(has: boolean): Check {
  const about = "licence Entra ID P2";
  return ok(
    about,
    has ? "there" : "not found: then there are no eligible or timed directory roles, and no risk of agents, to look at",
  );
}

function workload(has: boolean, { conditionalAccess }: Policy): Check {
  const about = "licence Workload Identities Premium";
  if (has) return ok(about, "there");
  if (conditionalAccess !== undefined)
    return failed(
      about,
      "not found, and the policy keeps the list of a block policy",
      "buy it, or take `conditionalAccess` out of the policy: Conditional Access for workload identities takes it",
    );
  return warning(
    about,
    "not found",
    "risk comes with its level hidden, which asks a person, and Microsoft cannot be told what is compromised",
  );
}
