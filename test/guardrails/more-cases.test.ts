/** What the guardrails of tier 0, protection, permissions, bursts and two people say, case by case. */
import { describe, expect, test } from "vitest";
import type { Policy } from "../../shared/domain/policy.ts";
import { judge } from "../../shared/engine/judge/judge.ts";
import type { GuardrailSubject } from "../../shared/guardrails/guardrail.ts";
import * as all from "../../shared/guardrails/index.ts";
import { credentialFinding, subject as ids } from "../support/findings.ts";
import { check } from "../support/guardrail-cases.ts";
import { eradicating, facts, policy, removal, subjectOf, weighed } from "../support/guardrail-subject.ts";

const other = "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11";
const protecting = (change: Partial<Policy["protected"]>) => ({
  policy: { ...policy, protected: { ...policy.protected, ...change } },
});
const microsoft = facts({ kind: "microsoft-first-party" });
const graphRole = { id: "a", appRoleId: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", principalId: other, resourceId: other };
const harmless = { ...graphRole, appRoleId: other };

check(all.tierZero, [
  ["what holds nothing passes", subjectOf(), "pass"],
  ["a permission of no tier passes", subjectOf({ facts: facts({ heldAppRoles: [harmless] }) }), "pass"],
  ["a tier-0 holder may be contained", subjectOf({ facts: facts({ heldAppRoles: [harmless, graphRole] }) }), "pass"],
  ["what it loses for good is asked", eradicating("all", { facts: facts({ heldAppRoles: [graphRole] }) }), "ask"],
  [
    "it is told of what does not come back only where something does not",
    eradicating("all", { facts: facts({ heldAppRoles: [graphRole] }) }),
    "ask",
    /not all .* can be taken back/,
  ],
  [
    "a role can be put back, and nobody is told otherwise",
    eradicating("all", { facts: facts({ heldAppRoles: [graphRole] }), irreversible: false }),
    "ask",
    /until what is removed is put back/,
  ],
  ["said to be tier 0 by the policy", eradicating("all", protectingErased({ tier0: [ids.appId] })), "ask", /tier-0/],
  [
    "what it holds not knowing, a person decides",
    subjectOf({ facts: facts({ heldAppRoles: null }) }),
    "ask",
    /could not be read/,
  ],
  [
    "what is not in this tenant holds nothing here",
    subjectOf({ facts: facts({ heldAppRoles: null, servicePrincipal: null }) }),
    "pass",
  ],
]);

function protectingErased(change: Partial<Policy["protected"]>) {
  const { policy: permitted } = eradicating("all");
  return { policy: { ...permitted, protected: { ...permitted.protected, ...change } } };
}

const asks = (id: string, limit: string, mode: "approve" | "notify" = "approve") => {
  const { finding } = weighed();
  return weighed({ finding: { ...finding, id }, mode, limits: [limit] });
};

check(all.approvalNeeded, [
  [
    "of findings that permit as much, the plan's own says why",
    subjectOf({ findings: [asks("older", "why not"), asks("own", "its own reason")], plannedFor: ["own"] }),
    "ask",
    /; its own reason$/,
  ],
  [
    "where another permits more, that one decides and says why",
    subjectOf({ findings: [asks("own", "its own reason", "notify"), asks("later", "why not")], plannedFor: ["own"] }),
    "ask",
    /; why not$/,
  ],
]);

check(all.breaker, [
  ["not tripped", subjectOf(), "pass"],
  ["tripped, it asks", subjectOf({ breaker: { reason: "two reverts" } }), "ask", /two reverts/],
  [
    "or observes where the policy says so",
    subjectOf({
      breaker: { reason: "two reverts" },
      policy: { ...policy, breaker: { humanReverts: 2, hours: 24, to: "observe" } },
    }),
    "observe",
  ],
]);

check(all.oneActorBurst, [
  ["no burst", subjectOf(), "pass"],
  [
    "one actor behind many asks, and is named",
    subjectOf({ burst: { actorId: "mallory", findings: 12 } }),
    "ask",
    /mallory.*12/,
  ],
]);

check(all.otherTenants, [
  ["what stays in our tenant passes", subjectOf(), "pass"],
  ["what others would feel asks", subjectOf({ reachesOtherTenants: true }), "ask"],
]);

check(all.permitted, [
  ["nothing is missing", subjectOf(), "pass"],
  ["what is missing is named", subjectOf({ missingPermissions: ["A.B (disable)"] }), "refuse", /A\.B \(disable\)/],
  [
    "what only observes writes nothing, and says what going further takes",
    subjectOf({ missingPermissions: ["A.B (disable)"], policy: { ...subjectOf().policy, mode: "observe" } }),
    "observe",
    /to go further .* A\.B \(disable\)/,
  ],
]);

check(all.alreadyRemediated, [
  ["what still stands passes", subjectOf(), "pass"],
  ["nothing at all passes", subjectOf({ findings: [] }), "pass"],
  [
    "all remediated is refused",
    subjectOf({ findings: [weighed({ remediated: true })] }),
    "refuse",
    /every leaked credential is gone/,
  ],
  ["one that stands is enough", subjectOf({ findings: [weighed({ remediated: true }), weighed()] }), "pass"],
  [
    "withdrawn ones beside it do not stand",
    subjectOf({ findings: [weighed({ remediated: true }), weighed({ withdrawn: true })] }),
    "refuse",
  ],
]);

const attribute = { set: "Tourniquet", name: "protection", never: ["never"], ask: ["ask"] };
const withAttribute = (protectingValues: readonly string[] | null) =>
  subjectOf({ ...protecting({ attribute }), protectingValues });

check(all.protectedIdentity, [
  ["by the attribute, never", withAttribute(["never"]), "refuse", /Tourniquet\.protection/],
  ["by the attribute, ask", withAttribute(["other", "ask"]), "ask"],
  ["another value protects nothing", withAttribute(["other"]), "pass"],
  ["no value protects nothing", withAttribute([]), "pass"],
  ["an attribute that cannot be read asks", withAttribute(null), "ask", /could not be read/],
  ["without an attribute configured, that does not matter", subjectOf({ protectingValues: null }), "pass"],
  [
    "never outweighs ask, whichever way",
    subjectOf({ ...protecting({ attribute, ask: [ids.appId] }), protectingValues: ["never"] }),
    "refuse",
  ],
  ["what asks two people asks", subjectOf(protecting({ twoPeople: [ids.appId] })), "ask"],
  [
    "what people protected at run time is refused",
    subjectOf({ protections: { never: [ids.appId], ask: [] } }),
    "refuse",
  ],
  ["or asked", subjectOf({ protections: { never: [], ask: [ids.servicePrincipalId] } }), "ask"],
  ["a list that was altered asks", subjectOf({ protections: null }), "ask", /altered/],
]);

const added = (keyType: "Password" | "AsymmetricX509Cert", change = {}) =>
  weighed({
    finding: credentialFinding({ added: [{ keyId: other, keyType, keyUsage: "Verify", claimedName: "key" }] }),
    unattended: ["clean-first-party-principal"],
    ...change,
  });
const cleaning = (findings: GuardrailSubject["findings"], change: Partial<GuardrailSubject> = {}) =>
  eradicating([other], { facts: microsoft, playbook: "clean-first-party-principal", findings, ...change });

check(all.firstParty, [
  [
    "exactly the corroborated password goes unasked where the policy line says so",
    cleaning([added("Password")]),
    "pass",
  ],
  ["not for another playbook", cleaning([added("Password")], { playbook: "remove-added-credential" }), "ask"],
  ["not where no line says so", cleaning([added("Password", { unattended: [] })]), "ask"],
  ["not what Graph does not bear out", cleaning([added("Password", { borneOut: false })]), "ask"],
  ["not a certificate", cleaning([added("AsymmetricX509Cert")]), "ask"],
  ["not a key beside it", cleaning([added("Password")], { steps: [removal([other, ids.appId])] }), "ask"],
]);

check(all.approvalNeeded, [
  ["an unattended line lifts the eradicate stage of its playbook", unattended("clean-first-party-principal"), "pass"],
  ["and of no other", unattended("remove-added-credential"), "ask"],
  [
    "and not beyond the policy's own mode",
    { ...unattended("clean-first-party-principal"), policy: { ...policy, mode: "approve" } },
    "ask",
  ],
]);

function unattended(playbook: string): GuardrailSubject {
  return subjectOf({ stage: "eradicate", steps: [removal([other])], playbook, findings: [added("Password")] });
}

describe("two people", () => {
  const cases: readonly [string, GuardrailSubject, 1 | 2][] = [
    ["one is enough for the usual", subjectOf(), 1],
    ["tier 0", subjectOf({ facts: facts({ heldAppRoles: [graphRole] }) }), 2],
    ["what may be tier 0", subjectOf({ facts: facts({ heldAppRoles: null }) }), 2],
    ["a home application that other tenants use", subjectOf({ facts: facts({ kind: "home-multi-tenant" }) }), 2],
    ["our own pipeline", subjectOf(protecting({ twoPeople: [ids.applicationObjectId] })), 2],
    ["a password of a first-party principal", eradicating([other], { facts: microsoft }), 1],
    [
      "a certificate of a first-party principal",
      eradicating([other], { facts: microsoft, steps: [{ ...removal([other]), action: "remove-key-credentials" }] }),
      2,
    ],
    [
      "what reaches other tenants, whatever the policy says",
      subjectOf({
        reachesOtherTenants: true,
        policy: { ...policy, approvals: { ...policy.approvals, twoPeople: [] } },
      }),
      2,
    ],
  ];
  test.each(cases)("%s", (_, subject, people) => {
    expect(judge(subject).people).toBe(people);
  });
});
