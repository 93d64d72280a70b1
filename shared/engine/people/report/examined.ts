/** What was looked at, by the steps that looked, and what was not: said in every report, so that silence is never taken for an all-clear. */
import type { StepReport } from "./steps.ts";
import { isHeld } from "./steps.ts";

/** Way back in → actions that look for it. */
const looksFor: Readonly<Record<string, readonly string[]>> = {
  "client secrets": ["remove-password-credentials"],
  certificates: ["remove-key-credentials"],
  "federated credentials": ["remove-federated-credentials", "remove-managed-identity-federated-credentials"],
  "application permissions it holds": ["remove-app-role-assignments"],
  "delegated permissions": ["remove-delegated-grants"],
  "directory roles": ["remove-directory-roles"],
  "eligible and scheduled directory roles": ["remove-scheduled-directory-roles"],
  "Azure roles": ["remove-azure-roles"],
  "applications it owns": ["remove-ownerships"],
  "role-assignable groups": ["remove-group-memberships"],
  "its own owners": ["remove-owners"],
};

/** Out of reach of any step. */
const never = [
  "Key Vault access policies",
  "Exchange RBAC for Applications",
  "Sites.Selected",
  "database and DevOps access",
  "Azure scopes we cannot read",
];

type Looked = Pick<StepReport, "action" | "outcome" | "reason">;

/** One step that looked everywhere is enough; a surgical one looked for what was added alone. */
export function notExamined<S extends Looked>(steps: readonly S[], isWhole: (step: S) => boolean): readonly string[] {
  const missed = Object.entries(looksFor).flatMap(([what, actions]) => {
    const looked = steps.filter(({ action }) => actions.includes(action));
    if (looked.some((step) => isHeld(step) && isWhole(step))) return [];
    const skipped = looked.find(({ outcome }) => outcome === "skipped" || outcome === "failed");
    return [skipped === undefined ? what : `${what} (${skipped.outcome}: ${skipped.reason})`];
  });
  return [...missed, ...never];
}

/** Named the step nothing, or everything, so that it looked at all there is? */
export function looksAtAll(parameters: Readonly<Record<string, unknown>>): boolean {
  const { object: _, objectId: __, ...rest } = parameters;
  return Object.values(rest).every((value) => typeof value === "string" && value.startsWith("all"));
}
