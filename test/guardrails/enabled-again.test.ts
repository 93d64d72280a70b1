/** Who may be overruled when what we disabled was enabled again. */
import type { MatchDetails } from "../../shared/domain/finding.ts";
import { enabledAgain } from "../../shared/guardrails/enabled-again.ts";
import type { WeighedFinding } from "../../shared/guardrails/guardrail.ts";
import { credentialFinding, manualFinding, now, riskFinding } from "../support/findings.ts";
import { check } from "../support/guardrail-cases.ts";
import { eradicating, facts, servicePrincipal, subjectOf, weighed } from "../support/guardrail-subject.ts";

const appliedAt = new Date(now - 600_000).toISOString();
const standing = { appliedAt, automatic: 1 };
const mallory = "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11";

function switchedOn(by: "user" | "workload" | "unknown", change: Partial<WeighedFinding> = {}): WeighedFinding {
  const details: MatchDetails = { about: "switched-on", by, planId: "plan-1", containedAt: appliedAt };
  return weighed({ finding: { ...riskFinding({}), details, actorId: mallory }, ...change });
}

const after = (...findings: WeighedFinding[]) => subjectOf({ standing, findings: [weighed(), ...findings] });
const byMallory = (change: Partial<WeighedFinding>) =>
  weighed({ finding: credentialFinding({}, { actorId: mallory }), ...change });
const off = facts({ servicePrincipal: servicePrincipal({ accountEnabled: false }) });

check(enabledAgain, [
  ["what we never disabled passes", subjectOf(), "pass"],
  ["what is still disabled passes", subjectOf({ standing, facts: off }), "pass"],
  [
    "what a person asked for passes",
    subjectOf({ standing, findings: [weighed({ finding: manualFinding({}) })] }),
    "pass",
  ],
  ["what disables nothing passes", eradicating("all", { standing }), "pass"],
  ["a workload is overruled once", after(switchedOn("workload")), "pass"],
  ["but not where the policy asks for that", after(switchedOn("workload", { mode: "approve" })), "ask", /policy/],
  [
    "and not twice within 30 days",
    subjectOf({ standing: { appliedAt, automatic: 2 }, findings: [switchedOn("workload")] }),
    "ask",
    /already/,
  ],
  ["an administrator is never overruled, and is named by the id", after(switchedOn("user")), "ask", /user 0e4f1a3c/],
  ["not even where Graph's copy of the record is late", after(switchedOn("user", { borneOut: null })), "ask"],
  ["a workload besides changes nothing about that", after(switchedOn("workload"), switchedOn("user")), "ask"],
  ["whom the record does not name might be one", after(switchedOn("unknown")), "ask"],
  ["an actor of the incident is no administrator", after(switchedOn("user"), byMallory({})), "pass"],
  ["unless only a claim makes one of them", after(switchedOn("user"), byMallory({ borneOut: null })), "ask"],
  ["a claimed workload waits for Graph's copy", after(switchedOn("workload", { borneOut: null })), "defer"],
  ["who enabled it a moment ago may still come to light", after(), "defer", /who did that/],
  [
    "who did so for long never will",
    subjectOf({ standing: { ...standing, appliedAt: new Date(now - 3 * 3600_000).toISOString() } }),
    "ask",
  ],
]);
