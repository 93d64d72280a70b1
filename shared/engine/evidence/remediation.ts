/**
 * A leak that is over: every leaked credential is gone from both objects, and nothing was added since. Detections of leaks come
 * late, often after the rotation; a rotation is no reason to stop anybody.
 */
import type { Finding } from "../../domain/finding.ts";
import { isRotationShape } from "../../domain/rotation-shape.ts";
import { idsOf, type WeighedFinding } from "../../guardrails/guardrail.ts";
import type { Services } from "../../ports/services.ts";
import { certificatesIn, completeFacts } from "../snapshot/complete-facts.ts";
import type { Facts } from "../snapshot/read-facts.ts";

interface Credential {
  readonly keyId: string;
  readonly startDateTime: string | null;
}

/**
 * Says of each finding whether it is remediated. Certificates are read only when the secrets alone do not deny it. What is unknown
 * denies it, and so does any other kind of finding in the incident, but for the rotation itself: the attacker may have left a way
 * back in before it.
 */
export async function markRemediated(
  services: Services,
  facts: Facts,
  weighed: readonly WeighedFinding[],
): Promise<readonly WeighedFinding[]> {
  const standing = weighed.filter(({ withdrawn }) => !withdrawn);
  const rotations = standing.filter((one) => isRotation(one, weighed, facts));
  const open = standing.filter((one) => !rotations.includes(one) && !isUseOf(one, rotations));
  const secrets = secretsOf(facts);
  if (secrets === null || !areOver(open, secrets)) return weighed;
  const certificates = certificatesIn(await completeFacts(services, facts, []));
  if (certificates === undefined || !areOver(open, certificates)) return weighed;
  return weighed.map((one) => ({ ...one, remediated: !one.withdrawn }));
}

/** All of them: one that still stands is reason enough to go on. A summary names no credential and stands for the others. */
function areOver(findings: readonly WeighedFinding[], credentials: readonly Credential[]): boolean {
  const leaks = findings
    .map(({ finding }) => finding)
    .filter(({ details }) => details.about !== "risk" || details.riskEventType !== null);
  return leaks.length > 0 && leaks.every((finding) => isOver(finding, credentials));
}

/**
 * The new credential that replaces the leaked one: added before the leak was seen, in the shape of a rotation, and by somebody else
 * than the identity, as Graph's own copy says, for whoever has the leaked key is the identity.
 */
function isRotation(
  { finding, borneOut }: WeighedFinding,
  all: readonly WeighedFinding[],
  { identity }: Facts,
): boolean {
  if (borneOut !== true || finding.actorId === null || idsOf(identity).includes(finding.actorId)) return false;
  const leaks = all.filter((one) => isLeak(one.finding) && !one.withdrawn).map((one) => one.finding.warrant.activityAt);
  const isBefore = leaks.every((at) => Date.parse(finding.warrant.activityAt) <= Date.parse(at));
  return isBefore && isRotationShape(finding, { unsaid: false });
}

/** The first sign-in with the credential that a rotation added, from where the identity signs in usually: that is what it is for. */
function isUseOf({ finding: { details, ceiling } }: WeighedFinding, rotations: readonly WeighedFinding[]): boolean {
  if (details.about !== "credential-used" || ceiling !== "observe") return false;
  return rotations.some(
    ({ finding: { details: rotated } }) =>
      rotated.about === "credential-added" && rotated.added.some(({ keyId }) => keyId === details.keyId),
  );
}

/** Null: not known. The credentials of a foreign application are in another tenant, where nobody of us can look. */
function secretsOf({ servicePrincipal, application }: Facts): readonly Credential[] | null {
  if (servicePrincipal === undefined || !application) return null;
  return [...(servicePrincipal?.passwordCredentials ?? []), ...application.passwordCredentials];
}

function isLeak({ details }: Finding): boolean {
  return details.about === "risk" && details.riskEventType === "leakedCredentials" && details.keyIds.length > 0;
}

function isOver(finding: Finding, credentials: readonly Credential[]): boolean {
  const { details, warrant } = finding;
  if (details.about !== "risk" || !isLeak(finding)) return false;
  const since = Date.parse(warrant.activityAt);
  return credentials.every(({ keyId, startDateTime }) => {
    const start = Date.parse(startDateTime ?? "");
    return !details.keyIds.includes(keyId) && start < since;
  });
}
