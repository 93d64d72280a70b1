// Judges a story's demands. Demands on the tenant look at the twin and the clock only, never at what the app claims.
import { concerns, disablingWrite, type Evidence, type Member } from "./evidence.ts";
import { judgeSaid } from "./judge-said.ts";
import type { Story, TenantDemand } from "./story.ts";
import { type Finding, memberOf, type Verdict } from "./verdict.ts";

export function judge(story: Story, evidence: Evidence): Verdict[] {
  const { tenant, said } = story.demands;
  return [
    ...tenant.map((demand) => ({ demand, ...judgeTenant(demand, evidence) })),
    ...said.map((demand) => ({ demand, ...judgeSaid(demand, evidence, memberOf(evidence, demand.identity)) })),
  ];
}

function judgeTenant(demand: TenantDemand, evidence: Evidence): Finding {
  if (demand.that === "within-description") return withinDescription(evidence);
  const member = memberOf(evidence, demand.identity);
  switch (demand.that) {
    case "disabled":
      return disabled(demand, evidence, member);
    case "enabled":
      return enabled(demand, evidence, member);
    case "untouched":
      return untouched(evidence, member);
    case "refused":
      return refused(demand, evidence, member);
    default:
      return secrets(demand, evidence, member);
  }
}

type Demanding<That extends TenantDemand["that"]> = TenantDemand & { readonly that: That };

function disabled(demand: Demanding<"disabled">, evidence: Evidence, member: Member): Finding {
  const { withinSeconds, withoutPerson } = demand;
  const alone = withoutPerson ? ", without a person" : "";
  const expected = `${member.name} is disabled within ${withinSeconds} s of its risk record${alone}`;
  const risk = evidence.riskRecords.find(({ identity }) => identity === member.name);
  if (risk === undefined) return { met: false, expected, actual: "no risk record was sent" };
  const write = disablingWrite(evidence, member);
  if (write === undefined) return { met: false, expected, actual: "the app never disabled it" };
  const seconds = (write.at - risk.at) / 1000;
  const person = evidence.decisions.find(({ identity, at }) => identity === member.name && at <= write.at);
  const isOff = evidence.moments.get("end")?.states.get(member.name)?.enabled === false;
  const actual = [
    `disabled after ${seconds.toFixed(1)} s`,
    ...(person === undefined ? [] : [`after a person had decided (${person.decision})`]),
    ...(isOff ? [] : ["but not disabled at the end"]),
  ].join(", ");
  const isAlone = !withoutPerson || person === undefined;
  return { met: seconds >= 0 && seconds <= withinSeconds && isAlone && isOff, expected, actual };
}

function stateAt(evidence: Evidence, moment: string, member: Member) {
  return evidence.moments.get(moment)?.states.get(member.name);
}

function when(moment: string): string {
  return moment === "end" ? "at the end" : `at "${moment}"`;
}

function enabled({ at }: Demanding<"enabled">, evidence: Evidence, member: Member): Finding {
  const state = stateAt(evidence, at, member);
  const expected = `${member.name} is enabled ${when(at)}`;
  if (state === undefined) return { met: false, expected, actual: "the story did not come that far" };
  const actual = state.enabled === null ? "it is gone" : state.enabled ? "enabled" : "disabled";
  return { met: state.enabled === true, expected, actual };
}

function untouched(evidence: Evidence, member: Member): Finding {
  const writes = evidence.writes.filter((write) => write.ours && concerns(member, write));
  const list = writes.map(({ method, path, status }) => `${method} ${path} (${status})`).join(", ");
  const expected = `the app sends no change of ${member.name}`;
  return { met: writes.length === 0, expected, actual: list === "" ? "no change was sent" : `it sent ${list}` };
}

function refused({ errorCode }: Demanding<"refused">, evidence: Evidence, member: Member): Finding {
  const expected = `the next token request of ${member.name} after the disable is refused with ${errorCode}, none later gets one`;
  const write = disablingWrite(evidence, member);
  if (write === undefined) return { met: false, expected, actual: "the app never disabled it" };
  const later = evidence.signIns.filter(({ identity, at }) => identity === member.name && at > write.at);
  if (later.length === 0) return { met: false, expected, actual: "nobody asked for a token afterwards" };
  const codes = later.map((signIn) => signIn.errorCode);
  const list = [...new Set(codes)].map((code) => (code === 0 ? "a token" : code)).join(", then ");
  return {
    met: codes[0] === errorCode && !codes.includes(0),
    expected,
    actual: `${later.length} asked and got ${list}`,
  };
}

function secrets(demand: Demanding<"present" | "gone">, evidence: Evidence, member: Member): Finding {
  const { that, at } = demand;
  const names = demand.secrets.map((label) => `"${label}"`).join(", ");
  const expected = `of ${member.name}, ${names} ${that === "present" ? "still there" : "gone"} ${when(at)}`;
  const state = stateAt(evidence, at, member);
  if (state === undefined) return { met: false, expected, actual: "the story did not come that far" };
  const known = demand.secrets.map((label) => ({ label, keyId: member.secrets.get(label)?.keyId }));
  const never = known.filter(({ keyId }) => keyId === undefined).map(({ label }) => label);
  if (never.length > 0) return { met: false, expected, actual: `never added: ${never.join(", ")}` };
  const there = known.filter(({ keyId }) => keyId !== undefined && state.secretKeyIds.includes(keyId));
  const met = that === "present" ? there.length === known.length : there.length === 0;
  return { met, expected, actual: `there: ${there.map(({ label }) => `"${label}"`).join(", ") || "none of them"}` };
}

function withinDescription({ violations }: Evidence): Finding {
  const list = violations.map(({ method, path, reason }) => `${method} ${path}: ${reason}`).join("; ");
  const actual = list === "" ? "none violated it" : list;
  return { met: list === "", expected: "every request and answer is one that Graph's description allows", actual };
}
