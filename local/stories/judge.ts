// Judges a story's demands. Demands on the tenant look at the twin and the clock only, never at what the app claims.
import type { Evidence } from "./evidence.ts";
import { howManyOff, isCrowd, ofEach } from "./judge-crowds.ts";
import { judgeSaid } from "./judge-said.ts";
import { judgeState } from "./judge-state.ts";
import { judgeTokens } from "./judge-tokens.ts";
import { judgeWrites } from "./judge-writes.ts";
import type { Story } from "./story.ts";
import type { SaidDemand, TenantDemand } from "./story-demands.ts";
import { type Finding, memberOf, type Verdict } from "./verdict.ts";

export function judge(story: Story, evidence: Evidence): Verdict[] {
  const { tenant, said } = story.demands;
  return [
    ...tenant.map((demand) => ({ demand, ...judgeTenant(demand, evidence) })),
    ...said.map((demand) => ({ demand, ...judgeWords(demand, evidence) })),
  ];
}

function judgeWords(demand: SaidDemand, evidence: Evidence): Finding {
  if (!isCrowd(evidence, demand.identity)) return judgeSaid(demand, evidence);
  return ofEach(evidence, demand.identity, (identity) => judgeSaid({ ...demand, identity }, evidence));
}

function judgeTenant(demand: TenantDemand, evidence: Evidence): Finding {
  if (demand.that !== "how-many-off" && "identity" in demand && isCrowd(evidence, demand.identity))
    return ofEach(evidence, demand.identity, (identity) => judgeTenant({ ...demand, identity }, evidence));
  switch (demand.that) {
    case "within-description":
      return withinDescription(evidence);
    case "disabled":
    case "untouched":
    case "nothing-written":
    case "writes":
      return judgeWrites(demand, evidence);
    case "how-many-off":
      return howManyOff(demand, evidence);
    case "refused":
    case "served":
      return judgeTokens(demand, evidence, memberOf(evidence, demand.identity));
    default:
      return judgeState(demand, evidence, memberOf(evidence, demand.identity));
  }
}

function withinDescription({ violations }: Evidence): Finding {
  const list = violations.map(({ method, path, reason }) => `${method} ${path}: ${reason}`).join("; ");
  const actual = list === "" ? "none violated it" : list;
  return { met: list === "", expected: "every request and answer is one that Graph's description allows", actual };
}
