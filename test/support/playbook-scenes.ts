/** Scenes for playbooks: the usual victim with every foothold, one finding about it, and people who approve whatever waits. */
import type { Finding, MatchDetails } from "../../shared/domain/finding.ts";
import { identityKey } from "../../shared/domain/identity.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { fileFinding } from "../../shared/engine/incident/file-finding.ts";
import { credentialFinding, riskFinding } from "./findings.ts";
import { Harness } from "./harness.ts";
import { appId, iso, keyA, servicePrincipalId, startAt, tenantId } from "./harness-cast.ts";
import type { Directory } from "./harness-directory.ts";
import { addFootholds } from "./harness-footholds.ts";
import { policyWith } from "./harness-world.ts";
import { listRuns } from "./list-runs.ts";

const minute = 60_000;
export const subject = { tenantId, appId, servicePrincipalId, applicationObjectId: null };
export const asking = policyWith({
  mode: "approve",
  stages: { contain: "enforce", eradicate: "approve", retire: "approve" },
  retire: { ...policyWith().retire, workingDays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] },
  detections: Object.fromEntries(
    [
      "service-principal-risk-detected",
      "credential-added-to-service-principal",
      "federated-credential-added",
      "app-role-granted",
      "illicit-consent",
      "owner-added",
      "group-joined",
      "directory-role-assigned",
    ].map((id) => [id, { max: "approve" as const, require: [] }]),
  ),
});

export async function world(
  edit: (directory: Directory) => void = () => undefined,
  policy: Policy = asking,
): Promise<Harness> {
  const harness = await Harness.start(policy);
  harness.tenant.change((directory) => {
    addFootholds(directory);
    edit(directory);
  });
  return harness;
}

export function principal(directory: Directory): Record<string, unknown> {
  const [found] = directory.servicePrincipals;
  if (found === undefined) throw new Error("nobody is there");
  return found;
}

export function seen(detection: string, details: MatchDetails): Finding {
  const at = iso(startAt - minute);
  return {
    ...credentialFinding({}),
    id: detection,
    detection,
    details,
    subject,
    warrant: { category: "AuditLogs", recordId: detection, correlationId: null, activityAt: at, raisedAt: at },
    receivedAt: iso(startAt),
  };
}

export async function file(harness: Harness, finding: Finding): Promise<void> {
  await fileFinding(harness.process.services, identityKey(tenantId, appId), finding);
  await harness.run(45 * minute);
}

/** Approves whatever waits, until nothing does. Contain comes before eradicate. */
export async function approveAll(harness: Harness): Promise<void> {
  for (let i = 0; i < 4; i++) {
    const waiting = (await harness.runs()).flatMap(({ stages }) => stages).filter(({ status }) => status === "waiting");
    const [first] = waiting;
    if (first === undefined) return;
    await harness.decide(first.stage);
    if ((await harness.stage(first.stage)).status === "waiting") await harness.decide(first.stage, "approve", "grace");
    await harness.run(5 * minute);
    const still = await harness.stage(first.stage);
    if (still.status === "waiting") {
      await harness.decide(first.stage, "approve", "grace");
      await harness.run(5 * minute);
    }
  }
}

export const leakedSecret = riskFinding(
  { keyIds: [keyA] },
  { subject, warrant: { ...riskFinding({}).warrant, activityAt: iso(startAt - minute) } },
);

export async function names(harness: Harness): Promise<readonly string[]> {
  return (await listRuns(harness.tables)).map(({ playbook }) => playbook);
}
