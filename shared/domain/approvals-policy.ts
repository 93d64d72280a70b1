/** The part of the policy about people's answers: how long they have, how many it takes, who may, and what their silence means. */
import { z } from "zod";
import { Night } from "./night.ts";

const positive = z.number().positive();

const approval = {
  expiresHours: positive.max(168).describe("hours after which a request counts as unanswered"),
  remindMinutes: z.array(positive).default([]).describe("minutes after the request at which people are reminded"),
  escalateMinutes: positive
    .optional()
    .describe("minutes after the request at which it is escalated: told once as critical, to whoever is woken by that"),
};

const OnSilence = z.enum(["expire", "keep-asking", "contain"]);

/** What one person may not decide alone. */
export const TwoPeopleCase = z.enum([
  /** it holds tier-0 permissions, or the policy or its tier file says it is tier 0; not knowing counts */
  "tier0-identity",
  /** a home application that other tenants use */
  "home-multi-tenant",
  /** a certificate on a Microsoft first-party service principal */
  "first-party-certificate",
  /** what `protected.twoPeople` names */
  "own-pipeline",
  /** a group of more than ten plans approved at once */
  "bulk-over-10",
]);
export type TwoPeopleCase = z.infer<typeof TwoPeopleCase>;

export const Approvals = z.strictObject({
  contain: z
    .strictObject({
      ...approval,
      onSilence: OnSilence.default("expire").describe(
        "when nobody answered: expire ends the plan; keep-asking asks anew, for approvals that then must be given again; contain stops a tier-0 identity whose evidence may be enforced and about which only what depends on it was asked, within the blast radius, and lets everything else expire",
      ),
    })
    .describe("what stops the identity and can be undone"),
  eradicate: z
    .strictObject({
      ...approval,
      onSilence: OnSilence.exclude(["contain"])
        .default("expire")
        .describe("when nobody answered: expire ends the plan; keep-asking asks anew. Silence never removes anything"),
    })
    .describe("what removes its credentials for good"),
  retire: z
    .strictObject({
      ...approval,
      onSilence: OnSilence.exclude(["contain"])
        .default("expire")
        .describe(
          "when nobody answered: expire ends the plan, and the identity is left as it is; keep-asking asks anew",
        ),
    })
    .default({ expiresHours: 168, remindMinutes: [4320], onSilence: "expire" })
    .describe("what retires identities that nobody uses"),
  alone: Night.optional().describe(
    "within these hours an administrator may approve the contain stage of what they asked for themselves, with a reason; that pages. Without it nobody may. Where two people are needed, a second one still is",
  ),
  workloads: z
    .boolean()
    .default(false)
    .describe(
      "may workloads (a SIEM, an automation) approve and deny, too? They ask either way. Approving is the check that a person makes on machines: a workload that approves hands that to whoever holds its credentials, which is what we are here for, and one that denies is a veto for the same",
    ),
  twoPeople: z.array(TwoPeopleCase).default([]).describe("what needs the approvals of two people"),
});
export type Approvals = z.infer<typeof Approvals>;
