/** What the identity created or changed since the first suspicion: listed for whoever goes on, users apart. */
import type { Finding } from "../../../domain/finding.ts";
import type { StageContext } from "../../judge/stage-context.ts";
import type { Facts } from "../../snapshot/read-facts.ts";
import { type Descendants, descendantsOf } from "./descendants.ts";

export interface LeftBehind extends Descendants {
  /** ISO 8601 UTC */
  readonly since: string;
}

/**
 * Null: it has no service principal, so nothing can have been done in its name. The suspicion begins with the first of all findings
 * of the incident: the one that led to the plan is mostly the last, and what was done before it is what it left behind.
 */
export async function leftBehindBy(
  { writer }: StageContext,
  { identity }: Facts,
  findings: readonly Finding[],
): Promise<LeftBehind | null> {
  const since = findings.map(({ warrant }) => warrant.activityAt).sort()[0];
  if (since === undefined || identity.servicePrincipalId === null) return null;
  const found = await descendantsOf(writer.services, identity.tenantId, identity.servicePrincipalId, since);
  return { since, ...found };
}

const shown = 10;

export function sayLeftBehind(left: LeftBehind | null): string {
  if (left === null) return "what it created or changed is not known, because it has no service principal here";
  const { since, objects, users, incompleteBefore } = left;
  const list = objects
    .slice(0, shown)
    .map(({ id, type, activity, at }) => `${type ?? "object"} ${id} (${activity}, ${at})`);
  const more = objects.length > shown ? ` and ${objects.length - shown} more` : "";
  const people =
    users.length === 0
      ? ""
      : `, and ${users.length} users, which are for the identity team: ${users
          .slice(0, shown)
          .map(({ id }) => id)
          .join(", ")}`;
  const gap = incompleteBefore === null ? "" : `; what it did before ${incompleteBefore} is not known completely`;
  return `since first suspicion at ${since} it created or changed ${objects.length} objects${list.length === 0 ? "" : `: ${list.join(", ")}${more}`}${people}${gap}`;
}
