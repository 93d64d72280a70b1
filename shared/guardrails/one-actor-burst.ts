/** Many findings by one actor: they may be bait that is to use up the blast radius, and the actor is the one to contain. */
import { type Guardrail, pass } from "./guardrail.ts";

export const oneActorBurst: Guardrail = {
  id: "one-actor-burst",
  title: "Keeps bait from being contained by the dozen while the actor behind it goes free.",
  check({ burst }) {
    if (burst === null) return pass;
    const { actorId, findings } = burst;
    return {
      verdict: "ask",
      reason: `actor ${actorId} is behind ${findings} findings: contain the actor, not the bait`,
    };
  },
};
