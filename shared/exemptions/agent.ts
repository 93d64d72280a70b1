/** Agent identities sign in through their blueprint, and a blueprint for all of its agents: the use of one says nothing of the other. */
import { type Exemption, exempt } from "./exemption.ts";

export const agent: Exemption = {
  id: "agent",
  title: "Leaves agent identities and their blueprints alone: the use of the one says nothing of the other.",
  check({ kind }) {
    if (kind === "agent") return exempt("It is an agent identity, whose credentials live on its blueprint.");
    if (kind === "agent-blueprint") return exempt("It is an agent blueprint, on which every agent of it rests.");
    return null;
  },
  examples: { exempt: [{ kind: "agent" }, { kind: "agent-blueprint" }], not: [{ kind: "home-multi-tenant" }] },
};
