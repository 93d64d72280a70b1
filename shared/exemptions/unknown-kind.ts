/** What we cannot name we cannot bring back: legacy service principals have no application, and an owner that is not seen may be anybody. */
import { type Exemption, exempt, notKnown } from "./exemption.ts";

export const unknownKind: Exemption = {
  id: "unknown-kind",
  title: "Leaves legacy identities alone, and those of which Graph does not say what they are.",
  check({ kind }) {
    if (kind === "legacy") return exempt("It is a legacy service principal, which has no application behind it.");
    return kind === "unknown" ? notKnown("It is not known what kind of identity it is.") : null;
  },
  examples: { exempt: [{ kind: "legacy" }, { kind: "unknown" }], not: [{ kind: "foreign" }] },
};
