/**
 * Somebody enabled what we had disabled. Nothing fights with people: contained once more without a person, and once only, where
 * the policy's line for that lets it and a workload did it, or an actor of the incident. Evidence from before has had its say.
 */
import type { Finding } from "../domain/finding.ts";
import { disables, type Guardrail, type GuardrailSubject, pass, type Verdict } from "./guardrail.ts";

/** The audit log is minutes late; and what we disabled a moment ago may still be read as enabled. */
const recordDueMs = 3600_000;
/** The disable that was undone, and one more. */
const automaticAtMost = 2;

export const enabledAgain: Guardrail = {
  id: "enabled-again",
  title: "Keeps what somebody enabled after our disable from being disabled again without a person.",
  check(subject) {
    const { standing, facts, now } = subject;
    if (standing === null || !disables(subject) || facts.servicePrincipal?.accountEnabled !== true) return pass;
    if (subject.findings.some(({ finding }) => finding.details.about === "manual")) return pass; // two people decide that
    const { appliedAt } = standing;
    const records = subject.findings.filter(
      ({ finding: { details } }) => details.about === "switched-on" && details.containedAt === appliedAt,
    );
    const person = records.find(({ finding }) => !isForeseen(finding, subject));
    if (person !== undefined) return ask(appliedAt, person.finding, "an administrator may be right");
    const [record] = records.filter(({ borneOut }) => borneOut === true);
    if (record === undefined) {
      const reason = `we disabled it at ${appliedAt}, it is enabled, and no record that Graph bears out says who did that`;
      const isDue = now - Date.parse(appliedAt) >= recordDueMs;
      return isDue ? { verdict: "ask", reason } : { verdict: "defer", reason, lastly: "ask" };
    }
    if (standing.automatic >= automaticAtMost)
      return ask(appliedAt, record.finding, "it was contained again without a person within 30 days already");
    if (records.every(({ mode }) => mode !== "enforce"))
      return ask(appliedAt, record.finding, "the policy does not let it be contained again without a person");
    return pass;
  },
};

function ask(appliedAt: string, { details, actorId, warrant }: Finding, why: string): Verdict {
  const by = details.about === "switched-on" ? details.by : "unknown";
  const who = by === "unknown" ? "somebody whom the record does not name" : `${by} ${actorId ?? "without an id"}`;
  return {
    verdict: "ask",
    reason: `we disabled it at ${appliedAt}, and ${who} enabled it again at ${warrant.activityAt}: ${why}`,
  };
}

/** By a workload, or by whoever is behind another finding of the incident that Graph bears out. */
function isForeseen({ details, actorId }: Finding, { findings }: GuardrailSubject): boolean {
  if (details.about === "switched-on" && details.by === "workload") return true;
  return findings.some(
    ({ finding, borneOut }) =>
      borneOut === true &&
      finding.details.about !== "switched-on" &&
      finding.actorId !== null &&
      finding.actorId === actorId,
  );
}
