// The shape of a story: its policy, the tenant, what happens in it, and what must be true afterwards. docs/stories.md explains it.
import { z } from "zod";
import { SaidDemand, TenantDemand } from "./story-demands.ts";
import { Name, Seconds } from "./story-fields.ts";
import { longestSeconds, Step } from "./story-steps.ts";
import { Identity, StoryGroup } from "./story-tenant.ts";

export const Story = z.strictObject({
  story: Name,
  title: z.string().min(1),
  about: z.string().optional(),
  /** the whole play, from the first step; what is not true by then is judged as it is */
  atMostSeconds: Seconds.max(longestSeconds).default(90),
  /** dotted path in policy.yaml → its value in this story; texts may hold `{payroll.id}` */
  policy: z.record(z.string(), z.unknown()).default({}),
  /** what the tenant has bought; what is left out, it has */
  licences: z
    .strictObject({ privilegedIdentityManagement: z.boolean().optional(), workloadIdentities: z.boolean().optional() })
    .default({}),
  /** Graph permissions that the app was not given */
  withoutPermissions: z.array(z.string().min(1)).default([]),
  groups: z.array(StoryGroup).default([]),
  tenant: z.array(Identity).min(1),
  steps: z.array(Step).min(1),
  demands: z.strictObject({ tenant: z.array(TenantDemand).min(1), said: z.array(SaidDemand).default([]) }),
});
export type Story = z.infer<typeof Story>;
export type Demand = TenantDemand | SaidDemand;

/** People are written with an @; everybody else is an identity of the story. */
export function isPerson(who: string): boolean {
  return who.includes("@");
}
