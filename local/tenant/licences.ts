/** GET /subscribedSkus: what the tenant has bought, as its service plans. Ids: "Product names and service plan identifiers for licensing". */
import type { Handler } from "./call.ts";
import type { Licences } from "./options.ts";

interface Plan {
  readonly id: string;
  readonly name: string;
}

const plans: Readonly<Record<keyof Licences, readonly Plan[]>> = {
  privilegedIdentityManagement: [
    { id: "41781fb2-bc02-4b7c-bd55-b576c07bb09d", name: "AAD_PREMIUM" },
    { id: "eec0eb4f-6444-4f95-aba0-50c24d67f998", name: "AAD_PREMIUM_P2" },
  ],
  workloadIdentities: [{ id: "7dc0e92d-bf15-401d-907e-0884efe7c760", name: "AAD_WRKLDID_P2" }],
};

const skus: Readonly<Record<keyof Licences, { readonly skuId: string; readonly skuPartNumber: string }>> = {
  privilegedIdentityManagement: { skuId: "84a661c4-e949-4bd2-a560-ed7766fcaf2b", skuPartNumber: "AAD_PREMIUM_P2" },
  workloadIdentities: { skuId: "52cdf00e-8303-4223-a749-ff69a13e2dd0", skuPartNumber: "Workload_Identities_P2" },
};

export const listSkus: Handler = ({ settings: { licences, tenantId } }, call) => {
  const bought = (["privilegedIdentityManagement", "workloadIdentities"] as const).filter((one) => licences[one]);
  const value = bought.map((one) => ({
    id: `${tenantId}_${skus[one].skuId}`,
    ...skus[one],
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 0,
    servicePlans: plans[one].map(({ id, name }) => ({
      servicePlanId: id,
      servicePlanName: name,
      provisioningStatus: "Success",
      appliesTo: "User",
    })),
  }));
  return { status: 200, body: { "@odata.context": `${call.baseUrl}/v1.0/$metadata#subscribedSkus`, value } };
};
