/** The Event Hubs we read from and write to; `infra/` and `local/` make hubs of these names. */

export const hubs = {
  risk: "entra-risk",
  audit: "entra-audit",
  signIns: "entra-sign-ins",
  /** one partition, hence one reader: the writer */
  plans: "plans",
  outcomes: "outcomes",
} as const;
