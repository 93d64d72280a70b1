/** Who may never be written to, or only after a person approved, is not ours to retire. */
import { type Exemption, exempt } from "./exemption.ts";

export const protectedIdentity: Exemption = {
  id: "protected-identity",
  title: "Leaves alone what the policy, an administrator or a security attribute protects.",
  check({ protectedBy }) {
    return protectedBy === null ? null : exempt("It is protected.", { by: protectedBy });
  },
  examples: { exempt: [{ protectedBy: "never" }], not: [{ protectedBy: null }] },
};
