/** An event is a claim: whoever can send to a hub must not be able to use us as a weapon. Graph's own copy must agree. */
import { type Guardrail, pass, type Verdict, type WeighedFinding } from "./guardrail.ts";

const agentRecords: ReadonlySet<string> = new Set(["RiskyAgents", "AgentRiskEvents"]);

/** `category`: of a warrant. */
export function isOfSignIns(category: string): boolean {
  return category.endsWith("SignInLogs");
}

export const notBorneOut: Guardrail = {
  id: "not-borne-out",
  title: "Keeps a claim that Graph does not bear out from causing a write by itself.",
  check(subject) {
    if (subject.stage === "retire") return ofDisuse(subject.findings);
    // what only tells people neither bears anything out nor keeps it alive
    const telling = subject.findings.filter(({ mode }) => mode !== "notify");
    const findings = telling.length === 0 ? subject.findings : telling;
    if (findings.length > 0 && findings.every((weighed) => weighed.withdrawn)) {
      // an attacker may have withdrawn it: the record that says who it was is a few minutes late
      const reason = "the evidence was withdrawn: dismissed, or the credential is gone";
      return { verdict: "defer", reason, lastly: "refuse" };
    }
    if (findings.some((weighed) => weighed.borneOut === true && !weighed.withdrawn)) return pass;
    if (findings.some((weighed) => weighed.borneOut === null)) {
      return { verdict: "defer", reason: "Graph could not be asked for its own copy of the record yet", lastly: "ask" };
    }
    if (findings.length > 0 && findings.every(({ finding }) => agentRecords.has(finding.warrant.category))) {
      return {
        verdict: "ask",
        reason: "Graph has its own copy of agents' risks on beta only: the record stays a claim",
      };
    }
    if (findings.length > 0 && findings.every(({ finding }) => isOfSignIns(finding.warrant.category))) {
      return { verdict: "ask", reason: "it rests on sign-ins alone, of which Graph has its own copy on beta only" };
    }
    return { verdict: "ask", reason: "Graph's own logs do not bear the record out" };
  },
};

/** That nobody uses it is asked again right before the act. What nobody can tell is never acted on, whoever approved it. */
function ofDisuse(findings: readonly WeighedFinding[]): Verdict {
  const gone = findings.find(({ withdrawn }) => withdrawn);
  if (gone !== undefined) return { verdict: "refuse", reason: gone.because ?? "it is used, or somebody needs it" };
  if (findings.some(({ borneOut }) => borneOut === true)) return pass;
  const [why] = findings.flatMap(({ because }) => because ?? []);
  const reason = `whether anybody uses it cannot be told now${why === undefined ? "" : `: ${why}`}`;
  return findings.some(({ borneOut }) => borneOut === null)
    ? { verdict: "defer", reason, lastly: "refuse" }
    : { verdict: "refuse", reason };
}
