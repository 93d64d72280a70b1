/** Which activities of the audit log an action of ours leaves behind, their names folded. What it may give back, only an undo may. */

const writes = (what: string) => new RegExp(`^(update|disable|enable) ${what}$`);
const gone = /^(hard )?(delete|remove|update|disable|restore)\b/;
const gives = /^(add|restore)\b/;
/** Deletion and restore; and what a restore gives back to those who had access. */
const deletion = new RegExp(
  `${gone.source}|app role assignment|delegated permission grant|oauth2permissiongrant|consent`,
);
const agents = "(service principal|agent\\b.*|agent(ic)? .*)";
const credentials =
  /certificates and secrets management$|^(add|remove) service principal credentials$|^update (application|service principal)$/;
const roles = /\brole\b/;

const left: Readonly<Record<string, RegExp>> = {
  "disable-service-principal": writes("service principal"),
  "enable-service-principal": writes("service principal"),
  "disable-agent": writes(agents),
  "deactivate-application": /^((update|disable|enable|deactivate|activate) application|update service principal)$/,
  "create-disabled-service-principal": /^(add|update|disable) service principal$/,
  "delete-application": deletion,
  "delete-service-principal": deletion,
  "remove-password-credentials": credentials,
  "remove-key-credentials": credentials,
  "remove-federated-credentials": /^update (application|service principal)$|federated/,
  "remove-managed-identity-federated-credentials": /^update (application|service principal)$|federated/,
  "remove-app-role-assignments": /app role assignment/,
  "remove-delegated-grants": /delegated permission grant|oauth2permissiongrant|consent/,
  "remove-directory-roles": roles,
  "remove-scheduled-directory-roles": roles,
  "remove-azure-roles": roles,
  "remove-owners": /\bowner\b/,
  "remove-ownerships": /\bowner\b/,
  "remove-group-memberships": /\bmember (to|from) group$/,
  "confirm-compromised": /compromised|^update service principal$/,
  "confirm-agent-compromised": /compromised/,
  "dismiss-risk": /dismiss/,
};

const makes: ReadonlySet<string> = new Set(["create-disabled-service-principal"]);

/** Pure. `isUndo`: the step takes back what that action did. */
export function leaves(action: string, isUndo: boolean, activity: string): boolean {
  if (gives.test(activity) && !isUndo && !makes.has(action)) return false;
  return left[action]?.test(activity) === true || (isUndo && gone.test(activity) && makes.has(action));
}

/** Of the one policy whose list we keep. */
export const policyActivity = /^update (conditional access )?policy$/;
