/** What each guardrail says, case by case, up to its very limits. */
import { expect, test } from "vitest";
import type { IdentityKind } from "../../shared/domain/identity.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import type { Verdict } from "../../shared/guardrails/guardrail.ts";
import * as all from "../../shared/guardrails/index.ts";
import { subject as ids } from "../support/findings.ts";
import { type Case, check } from "../support/guardrail-cases.ts";
import {
  disable,
  eradicating,
  facts,
  ourselves,
  policy,
  removal,
  subjectOf,
  weighed,
} from "../support/guardrail-subject.ts";

const other = "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11";
const protecting = (change: Partial<Policy["protected"]>) => ({
  policy: { ...policy, protected: { ...policy.protected, ...change } },
});
const unreadApplication = facts({ application: undefined, identity: { ...ids, applicationObjectId: null } });

check(all.neverSelf, [
  ["somebody else passes", subjectOf(), "pass"],
  ["our appId is refused", subjectOf({ self: { ...ourselves, appId: ids.appId } }), "refuse"],
  [
    "our object id is refused",
    subjectOf({ self: { ...ourselves, servicePrincipalId: ids.servicePrincipalId } }),
    "refuse",
  ],
  ["who we are not knowing, we wait", subjectOf({ self: null }), "defer", /could not be learned/],
]);

test("who we are never becomes a question: nobody may act while it is unknown", () => {
  expect(all.neverSelf.check(subjectOf({ self: null }))).toMatchObject({ lastly: "refuse" });
});

check(all.protectedIdentity, [
  ["what the file does not name passes", subjectOf(protecting({ never: [other], ask: [other] })), "pass"],
  ["never, by appId", subjectOf(protecting({ never: [ids.appId] })), "refuse"],
  ["never, by the service principal's object id", subjectOf(protecting({ never: [ids.servicePrincipalId] })), "refuse"],
  ["never, by the application's object id", subjectOf(protecting({ never: [ids.applicationObjectId] })), "refuse"],
  ["ask, by any id", subjectOf(protecting({ ask: [ids.applicationObjectId] })), "ask"],
  ["never outweighs ask", subjectOf(protecting({ ask: [ids.appId], never: [ids.appId] })), "refuse"],
  [
    "an application that could not be read may be a protected one",
    subjectOf({ facts: unreadApplication, ...protecting({ never: [other] }) }),
    "defer",
  ],
  ["with nothing protected, that does not matter", subjectOf({ facts: unreadApplication, ...protecting({}) }), "pass"],
  [
    "a known absence of an application protects nothing",
    subjectOf({ facts: { ...unreadApplication, application: null }, ...protecting({ never: [other] }) }),
    "pass",
  ],
]);

const microsoft = facts({ kind: "microsoft-first-party" });
check(all.firstParty, [
  ["others pass", subjectOf(), "pass"],
  ["a disable is refused", subjectOf({ facts: microsoft }), "refuse"],
  [
    "a disable is refused in any stage",
    eradicating([other], { facts: microsoft, steps: [disable, removal([other])] }),
    "refuse",
  ],
  ["emptying it is refused", eradicating("all", { facts: microsoft }), "refuse"],
  ["what removes no key is refused", eradicating("all", { facts: microsoft, steps: [] }), "refuse"],
  [
    "all beside exact keyIds is refused",
    eradicating("all", { facts: microsoft, steps: [removal([other]), removal("all")] }),
    "refuse",
  ],
  ["exact keyIds ask", eradicating([other], { facts: microsoft }), "ask"],
]);

const kinds: Record<IdentityKind, Verdict["verdict"]> = {
  "home-single-tenant": "pass",
  foreign: "pass",
  "microsoft-first-party": "pass",
  "home-multi-tenant": "ask",
  "managed-identity": "ask",
  agent: "ask",
  "agent-blueprint": "ask",
  legacy: "ask",
  unknown: "ask",
};
check(all.unusualKind, [
  ...Object.entries(kinds).map(([kind, verdict]): Case => {
    return [`a ${kind} identity`, subjectOf({ facts: facts({ kind: kind as IdentityKind }) }), verdict];
  }),
  [
    "what could not be read is looked at again, and named",
    subjectOf({ facts: facts({ servicePrincipal: undefined, unread: ["/servicePrincipals/x (http-403)"] }) }),
    "defer",
    /http-403/,
  ],
  [
    "what Graph does not know yet is looked at again",
    subjectOf({ facts: facts({ servicePrincipal: null, application: null }) }),
    "defer",
  ],
  [
    "not known and not readable is no less than that",
    subjectOf({ facts: facts({ servicePrincipal: null, application: undefined }) }),
    "defer",
  ],
  [
    "an application without a service principal asks",
    subjectOf({ facts: facts({ servicePrincipal: null, kind: "unknown" }) }),
    "ask",
  ],
]);

check(all.notBorneOut, [
  ["one that Graph bears out is enough", subjectOf({ findings: [weighed({ borneOut: false }), weighed()] }), "pass"],
  ["nothing borne out asks", subjectOf({ findings: [weighed({ borneOut: false })] }), "ask"],
  ["no finding at all asks", subjectOf({ findings: [] }), "ask"],
  [
    "not knowing yet waits",
    subjectOf({ findings: [weighed({ borneOut: false }), weighed({ borneOut: null })] }),
    "defer",
  ],
  ["all withdrawn waits for word of who did it", subjectOf({ findings: [weighed({ withdrawn: true })] }), "defer"],
  [
    "what is borne out and withdrawn does not count for the others",
    subjectOf({ findings: [weighed({ withdrawn: true }), weighed({ borneOut: false })] }),
    "ask",
  ],
]);

check(all.killSwitch, [
  ["off", subjectOf(), "pass"],
  ["on, it stands by and says who", subjectOf({ killSwitch: { reason: "alice at noon" } }), "observe", /alice at noon/],
]);

check(all.blastRadius, [
  ["not asked for yet", subjectOf({ reservation: null }), "pass"],
  ["reserved", subjectOf({ reservation: { reserved: true, held: "4" } }), "pass"],
  ["used up", subjectOf({ reservation: { reserved: false, held: "5 disabled" } }), "ask", /5 disabled/],
  ["what disables nothing needs no place", eradicating("all", { reservation: { reserved: false, held: "5" } }), "pass"],
]);

check(all.approvalNeeded, [
  ["enforce", subjectOf(), "pass"],
  [
    "the policy's mode holds it down",
    subjectOf({ policy: { ...policy, mode: "approve" } }),
    "ask",
    /policy mode approve/,
  ],
  ["observe stands by", subjectOf({ policy: { ...policy, mode: "observe" } }), "observe"],
  [
    "the stage holds it down",
    subjectOf({ stage: "eradicate", steps: [removal("all")] }),
    "ask",
    /stage eradicate approve/,
  ],
  ["a finding that only notifies stands by", subjectOf({ findings: [weighed({ mode: "notify" })] }), "observe"],
  ["no finding permits nothing", subjectOf({ findings: [] }), "observe"],
  ["the most permissive finding decides", subjectOf({ findings: [weighed({ mode: "observe" }), weighed()] }), "pass"],
  [
    "and says what held it",
    subjectOf({ findings: [weighed({ mode: "approve", limits: ["riskLevels.medium permits approve"] })] }),
    "ask",
    /riskLevels\.medium permits approve/,
  ],
]);
