/** How long rows are kept. Every row has an expiry; what is still needed is written again before. */
const dayMs = 24 * 3600_000;

/** Incidents, findings, plans, receipts: a year, so that what happened can be shown and undone. */
export const historyMs = 365 * dayMs;
/** Locks and notices are worthless soon. */
export const shortMs = 7 * dayMs;
