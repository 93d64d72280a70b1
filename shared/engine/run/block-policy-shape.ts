/** The Conditional Access policy that the list is kept in, as Graph shows it; anything but a block of service principals is not ours. */
import { z } from "zod";

const BlockPolicy = z.object({
  state: z.string(),
  // whole: it is written back as it was read, but for the list
  conditions: z.looseObject({
    clientApplications: z.looseObject({ includeServicePrincipals: z.array(z.string()) }),
    applications: z.looseObject({ includeApplications: z.array(z.string()) }),
    users: z.looseObject({ includeUsers: z.array(z.string()).nullish() }).nullish(),
  }),
  grantControls: z.looseObject({ builtInControls: z.array(z.string()) }),
});
export type BlockPolicy = z.infer<typeof BlockPolicy>;

/** In: Graph's answer. Out: the policy, or why nothing is written into it, in words for a person. */
export function blockPolicyOf(body: unknown): BlockPolicy | string {
  const parsed = BlockPolicy.safeParse(body);
  if (!parsed.success) return "it is not a policy that blocks service principals: somebody uses it for something else";
  const { state, conditions, grantControls } = parsed.data;
  if (grantControls.builtInControls.join() !== "block") return "what it grants is not exactly `block`";
  if (conditions.applications.includeApplications.join() !== "All") return "it is not for all resources";
  if ((conditions.users?.includeUsers ?? []).some((user) => user !== "None")) return "it is about users";
  // `ServicePrincipalsInMyTenant`: to replace it would lift a block from everybody else
  if (conditions.clientApplications.includeServicePrincipals.some((id) => !z.guid().safeParse(id).success)) {
    return "its list holds something other than object ids";
  }
  return state === "disabled" ? "it is disabled, so it blocks nobody" : parsed.data;
}

/** Lower case, sorted. */
export function listOf({ conditions }: BlockPolicy): readonly string[] {
  return conditions.clientApplications.includeServicePrincipals.map((id) => id.toLowerCase()).sort();
}

/** The conditions as read, with nothing but the list replaced. */
export function withList({ conditions }: BlockPolicy, includeServicePrincipals: readonly string[]) {
  return { ...conditions, clientApplications: { ...conditions.clientApplications, includeServicePrincipals } };
}
