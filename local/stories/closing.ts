// What is printed when a story has ended: the app's report, what is still open, and which demands were met.
import { styleText } from "node:util";
import type { Cast } from "./evidence.ts";
import { isAbout, type Notice } from "./notice.ts";
import type { Verdict } from "./verdict.ts";

/** The five sentences that the app said with each containment, newest of each identity. */
export function reports(notices: readonly Notice[], cast: Cast): string[] {
  const about = [...cast.values()].flatMap((member) => {
    const said = notices.findLast((one) => one.event === "identity.contained" && isAbout(one, member));
    return said === undefined ? [] : [{ member, said }];
  });
  return about.flatMap(({ member, said }, n) => {
    const alike = about.filter((one) => member.crowd !== null && one.member.crowd === member.crowd);
    if (alike.length > 1 && about.findIndex((one) => one.member.crowd === member.crowd) < n) return [];
    const more = alike.length > 1 ? `, and ${alike.length - 1} more of ${member.crowd} alike` : "";
    return ["", `The app's report on ${member.name}${more}:`, ...indented(said.message.split("\n"))];
  });
}

const ENDED = new Set([
  "identity.contained",
  "stage.verified",
  "stage.blocked",
  "stage.expired",
  "stage.cancelled",
  "plan.reverted",
]);

/** Stages whose last word is not an end. */
export function stillOpen(notices: readonly Notice[], cast: Cast): string[] {
  const stages = notices.filter(({ planId, data }) => planId !== null && typeof data.stage === "string");
  const last = new Map(stages.map((notice) => [`${notice.planId}/${notice.data.stage}`, notice]));
  const open = [...last.values()].filter(({ event }) => !ENDED.has(event));
  const told = open.map((notice) => {
    const member = [...cast.values()].find((one) => isAbout(notice, one));
    const alike = member?.crowd == null ? null : `${member.crowd}: ${notice.data.stage}: ${nameOf(notice)}`;
    const line = `${member?.name ?? "unknown"}: ${notice.data.stage} of plan ${notice.planId}: ${inWords(notice)}`;
    return { alike, line };
  });
  const lines = [...Map.groupBy(told, ({ alike, line }) => alike ?? line)].map(([title, [first, ...more]]) =>
    more.length === 0 ? (first?.line ?? title) : `${title}, of ${more.length + 1} of them`,
  );
  return ["", "Still open:", ...indented(lines.length === 0 ? ["nothing"] : lines)];
}

function nameOf({ event }: Notice): string {
  const name = event.slice(event.indexOf(".") + 1);
  return name === "finished" ? "done, not yet verified" : name;
}

function inWords(notice: Notice): string {
  const { planId, data } = notice;
  const name = nameOf(notice);
  if (name !== "awaiting-approval") return name;
  return `${name} (npm run tq -- runs approve ${planId} --stage ${data.stage} --reason TEXT)`;
}

/** A table, and what was expected and found of each demand that is not met. */
export function verdictTable(verdicts: readonly Verdict[], colour: boolean): string[] {
  const paint = (met: boolean, text: string): string =>
    colour ? styleText(met ? "green" : "red", text, { validateStream: false }) : text;
  const width = Math.max(0, ...verdicts.map(({ expected }) => expected.length));
  const rows = verdicts.map(({ met, expected, actual }) =>
    `${paint(met, met ? "met    " : "NOT MET")}  ${expected.padEnd(width)}  ${actual}`.trimEnd(),
  );
  const unmet = verdicts.filter(({ met }) => !met);
  const sum =
    unmet.length === 0
      ? `All demands are met (${verdicts.length}).`
      : `${unmet.length} of ${verdicts.length} demands are not met:`;
  const details = unmet.flatMap(({ demand, expected, actual }) => [
    `  ${JSON.stringify(demand)}`,
    `    expected: ${expected}`,
    `    actual:   ${actual}`,
  ]);
  return ["", "Demands:", ...indented(rows), "", sum, ...details];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
