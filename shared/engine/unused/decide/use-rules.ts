/** Codes of the rules that decide once no exemption does, each with what it means: reasons bear them, and the documentation lists them. */

export const windowRules = {
  "window-ordinary": "Nothing makes it privileged: `unusedDays`.",
  "window-privileged": "It holds what makes it privileged: `rareDays`.",
  "window-unread-privileges": "What it holds could not be read: `rareDays`.",
  "window-rhythm":
    "Our own history shows it quiet for longer than `unusedDays` and then used: `rareDays`, or a tenth more than that quiet time where it is longer.",
  "window-own-history":
    "It is privileged, but our own unbroken history, of the tenant and of it, covers `rareDays`, sees all that could use it, and shows no such rhythm: `unusedDays`.",
} as const;
export type WindowRule = keyof typeof windowRules;

export const useRules = {
  used: "The latest use by any signal lies within its window and one day more, as the report may lag a day.",
  unused: "The report has a row of it, and the latest use by every signal lies before that.",
  "unused-by-watch":
    "The report has no row of it, but our own watch saw its last sign-in before that, has not been interrupted since, and users have no way to use it.",
  "report-unread": "The sign-in report could not be read, so nobody can tell.",
  "report-no-row": "The sign-in report has no row of it, which is no proof of disuse.",
  "report-empty-row": "The row of the sign-in report holds no date at all.",
  "date-unreadable": "A signal holds something that is no date.",
} as const;
export type UseRule = keyof typeof useRules;

export const credentialRules = {
  "credential-expired": "May go: it expired `expiredDays` ago.",
  "credential-unused":
    "May go: it was not used for `credentials.unusedDays`, while another one that is still valid was.",
  "credential-in-use": "Stays: it was used lately.",
  "credential-expired-lately": "Stays: it expired less than `expiredDays` ago.",
  "credential-use-unknown": "Stays: the report does not say when it was used, or when it expires.",
  "credential-last-known": "Stays: no other valid credential is known to be used in its place.",
  "credential-signing": "Stays: it signs tokens, and no client needs to use it.",
  "credential-ambiguous": "Stays: another credential bears the same key id.",
} as const;
export type CredentialRule = keyof typeof credentialRules;
