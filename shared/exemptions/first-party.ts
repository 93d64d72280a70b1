/** Microsoft's own service principals: Microsoft provisions and manages them, and asks that nobody disables them (AADSTS7000112). */
import { type Exemption, exempt } from "./exemption.ts";

export const firstParty: Exemption = {
  id: "first-party",
  title: "Leaves Microsoft's own applications alone: Microsoft manages them, and services rest on them unseen.",
  check({ kind }) {
    return kind === "microsoft-first-party" ? exempt("It is Microsoft's own application.") : null;
  },
  examples: {
    exempt: [{ kind: "microsoft-first-party" }],
    not: [{ kind: "foreign" }, { claimedName: "Microsoft Graph" }],
  },
};
