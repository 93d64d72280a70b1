/** How long rows are kept. Every row has an expiry; what is still needed is written again before. */
const dayMs = 24 * 3600_000;

/** Incidents, findings, plans, receipts: a year, so that what happened can be shown and undone. */
export const historyMs = 365 * dayMs;
/** Locks and notices are worthless soon. */
export const shortMs = 7 * dayMs;
/** Entries of the ledger: twice as long, so that whatever state there still is has a whole chain behind it. */
export const ledgerMs = 2 * historyMs;
/** Of chains that never end, of which few entries come: longer than the app is thought to live. */
export const standingLedgerMs = 20 * historyMs;
/** A head goes this much after the last entry of its chain, or a chain could begin anew beside its own end. */
export const headOutlivesMs = 30 * dayMs;
