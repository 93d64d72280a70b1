// What is printed when a story has ended: the app's report, what is still open, and which demands were met.
import { styleText } from "node:util";
import type { Cast } from "./evidence.ts";
import { isAbout, type Notice } from "./notice.ts";
import type { Verdict } from "./verdict.ts";

/** The five sentences that the app said with each containment, newest of each identity. */
export function reports(notices: readonly Notice[], cast: Cast): string[] {
  return [...cast.values()].flatMap((member) => {
    const said = notices.findLast((one) => one.event === "identity.contained" && isAbout(one, member));
    return said === undefined ? [] : ["", `The app's report on ${member.name}:`, ...indented(said.message.split("\n"))];
  });
}

const ENDED = new Set(["identity.contained", "stage.verified", "stage.blocked", "stage.expired", "stage.cancelled"]);

/** Stages whose last word is not an end. */
export function stillOpen(notices: readonly Notice[], cast: Cast): string[] {
  const stages = notices.filter(({ planId, data }) => planId !== null && typeof data.stage === "string");
  const last = new Map(stages.map((notice) => [`${notice.planId}/${notice.data.stage}`, notice]));
  const open = [...last.values()].filter(({ event }) => !ENDED.has(event));
  const lines = open.map((notice) => {
    const who = [...cast.values()].find((member) => isAbout(notice, member))?.name ?? "unknown";
    return `${who}: ${notice.data.stage} of plan ${notice.planId}: ${inWords(notice)}`;
  });
  return ["", "Still open:", ...indented(lines.length === 0 ? ["nothing"] : lines)];
}

function inWords({ event, planId, data }: Notice): string {
  const name = event.slice(event.indexOf(".") + 1);
  if (name === "finished") return "done, not yet verified";
  if (name !== "awaiting-approval") return name;
  return `${name} (npm run tq -- runs approve ${planId} --stage ${data.stage} --as NAME --reason TEXT)`;
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
