/** Read again before each irreversible step: has somebody stopped us, or was the evidence withdrawn, since the stage began? */
import type { IdentityRef } from "../../domain/identity.ts";
import { ownConfirmationAt } from "../evidence/own-confirmation.ts";
import { evidenceWithin } from "../incident/hostile-dismissal.ts";
import { findingsFor } from "../incident/plan-findings.ts";
import { readKillSwitch } from "./kill-switch-state.ts";
import type { StageContext } from "./stage-context.ts";

/**
 * Null: go on. Else why not. Only a certain withdrawal of everything stops it: what is unknown was judged, or approved, when
 * the stage began. The mode cannot change meanwhile: the policy file is read at start.
 */
export async function whyNotAnyMore(context: StageContext, identity: IdentityRef): Promise<string | null> {
  const { writer, partition } = context;
  const { services } = writer;
  const { plan } = context.stored;
  const stopped = await readKillSwitch(services);
  if (stopped !== null) return `the kill switch is on: ${stopped.reason}`;
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
