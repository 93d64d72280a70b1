/** An API of others: who holds a permission on it may call it tomorrow, and would fail where nobody looks. */
import { type Exemption, exempt, notKnown } from "./exemption.ts";

const shown = 10;

export const calledByOthers: Exemption = {
  id: "called-by-others",
  title: "Leaves alone what others call, or hold permissions on: they would break, and not it.",
  check({ calledBy }) {
    if (calledBy === undefined) return notKnown("It is not known whether others call it.");
    if (calledBy.length === 0) return null;
    const some = [...new Set(calledBy)].sort();
    return exempt("Others call it, or hold permissions on it.", { others: some.length, some: some.slice(0, shown) });
  },
  examples: {
    exempt: [{ calledBy: ["33333333-3333-4333-8333-333333333333"] }, { calledBy: undefined }],
    not: [{ calledBy: [] }],
  },
};
