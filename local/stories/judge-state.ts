// Judges how an identity is: switched on or off, risky or not, and what it still holds.
import type { Evidence, IdentityState, Member } from "./evidence.ts";
import type { Demanding } from "./story-demands.ts";
import { type Finding, notSoFar, stateAt, when } from "./verdict.ts";

export type StateDemand = Demanding<"enabled" | "off" | "deactivated" | "deleted" | "risk" | "present" | "gone">;

export function judgeState(demand: StateDemand, evidence: Evidence, member: Member): Finding {
  const state = stateAt(evidence, demand.at, member);
  const expected = `${wish(demand, member)} ${when(demand.at)}`;
  if (state === undefined) return { met: false, expected, actual: notSoFar };
  switch (demand.that) {
    case "enabled":
    case "off":
    case "deleted": {
      const wanted = { enabled: true, off: false, deleted: null }[demand.that];
      return { met: state.enabled === wanted, expected, actual: switchOf(state) };
    }
    case "deactivated":
      return { met: state.deactivated, expected, actual: state.deactivated ? "deactivated" : "not deactivated" };
    case "risk": {
      const actual = state.riskState ?? "none";
      return { met: actual === demand.state, expected, actual };
    }
    default:
      return { expected, ...held(demand, state, member) };
  }
}

function wish(demand: StateDemand, { name }: Member): string {
  switch (demand.that) {
    case "risk":
      return `the risk of ${name} is ${demand.state}`;
    case "present":
    case "gone": {
      const names = demand.labels.map((label) => `"${label}"`).join(", ");
      return `of ${name}, ${names} ${demand.that === "present" ? "still there" : "gone"}`;
    }
    default:
      return `${name} is ${demand.that}`;
  }
}

function switchOf({ enabled }: IdentityState): string {
  if (enabled === null) return "it is gone";
  return enabled ? "enabled" : "disabled";
}

function held(
  { that, labels }: Demanding<"present" | "gone">,
  state: IdentityState,
  member: Member,
): Pick<Finding, "met" | "actual"> {
  const never = labels.filter((label) => !member.labels.has(label));
  if (never.length > 0) return { met: false, actual: `never added: ${never.join(", ")}` };
  const thereOf = (label: string): number =>
    (member.labels.get(label)?.keys ?? []).filter((key) => state.footholds.has(key)).length;
  const keysOf = (label: string): number => member.labels.get(label)?.keys.length ?? 0;
  const there = labels.filter((label) => thereOf(label) > 0);
  const whole = labels.filter((label) => thereOf(label) === keysOf(label));
  const met = that === "present" ? whole.length === labels.length : there.length === 0;
  const told = there.map((label) => `"${label}"${whole.includes(label) ? "" : " (in part)"}`);
  return { met, actual: `there: ${told.join(", ") || "none of them"}` };
}
