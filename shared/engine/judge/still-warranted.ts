/** Read again before each irreversible step: has somebody stopped us, or was the evidence withdrawn, since the stage began? */
import type { IdentityRef } from "../../domain/identity.ts";
import { sayOverride } from "../../guardrails/mode-override.ts";
import { ownConfirmationAt } from "../evidence/own-confirmation.ts";
import { evidenceWithin } from "../incident/hostile-dismissal.ts";
import { findingsFor } from "../incident/plan-findings.ts";
import { readInForce } from "./safety.ts";
import { isByRule } from "./silence.ts";
import type { StageContext } from "./stage-context.ts";

/**
 * Null: go on. Else why not. Only a certain withdrawal of everything stops it: what is unknown was judged, or approved, when
 * the stage began. Of the modes only what people set can change meanwhile: the policy file is read at start.
 */
export async function whyNotAnyMore(
  context: StageContext,
  identity: IdentityRef,
  decidedBy: string,
): Promise<string | null> {
  const { writer, partition } = context;
  const { services } = writer;
  const { plan } = context.stored;
  const { killSwitch, modes } = await readInForce(services);
  if (killSwitch !== null) return `the kill switch is on: ${killSwitch.reason}`;
  const override = modes[plan.playbook];
  if (override?.mode === "observe" || (override?.mode === "approve" && isByRule(decidedBy)))
    return `${sayOverride(override)} since the stage began`;
  const findings = findingsFor(partition, plan).filter(({ ceiling }) => ceiling !== "notify");
  const ownAt = ownConfirmationAt(partition, plan.incidentId);
  const evidence = await Promise.all(
    findings.map((finding) => {
      const servicePrincipalId = identity.servicePrincipalId ?? finding.subject.servicePrincipalId;
      const subject = { ...finding.subject, servicePrincipalId };
      return evidenceWithin(writer, partition, plan.incidentId, { ...finding, subject }, ownAt);
    }),
  );
  const isWithdrawn = evidence.length > 0 && evidence.every(({ withdrawn }) => withdrawn);
  return isWithdrawn ? "the evidence was withdrawn" : null;
}
