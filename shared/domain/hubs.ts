/** The Event Hubs we read from and write to; `infra/` and `local/` make hubs of these names. */

export const hubs = {
  risk: "entra-risk",
  audit: "entra-audit",
  signIns: "entra-sign-ins",
  /** one partition, hence one reader: the writer */
  plans: "plans",
  outcomes: "outcomes",
} as const;

/**
 * The consumer group of the log hubs by which single records are read again. Not the triggers': they own theirs, and Event Hubs
 * refuses every other reader of it.
 */
export const replayConsumerGroup = "replay";
