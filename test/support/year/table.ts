/** What became of each class, for people to read. */
import { judgedIdentities } from "../../../shared/engine/unused/scan/verdicts.ts";
import { columns } from "../../../tools/text/columns.ts";
import type { Years } from "./days.ts";
import { dayOf, type Member } from "./town.ts";

/** One line a class: how many, how the last scan judges them, how their retirement went, and on which days things were done to the first. */
export async function tableOf(years: Years): Promise<string> {
  const verdicts = await verdictsOf(years);
  const groups = Map.groupBy(years.town.members, ({ of }) => of.name);
  const rows = [...groups].map(([name, members]) => {
    const said = new Set(members.map(({ appId }) => verdicts.get(appId) ?? "used, or not there"));
    const courses = new Set(members.map((member) => (years.states.get(member) ?? ["-"]).join(" > ")));
    return [name, String(members.length), [...said].join(" | "), [...courses].join(" | "), daysOf(years, members[0])];
  });
  return columns([["class", "n", "last verdict", "retirement", "done, on day"], ...rows]);
}

async function verdictsOf({ engine }: Years): Promise<ReadonlyMap<string, string>> {
  const verdicts = new Map<string, string>();
  for await (const { identity, verdict } of judgedIdentities(engine.process.services)) {
    verdicts.set(identity.appId ?? "", `${verdict.state}: ${verdict.reasons[0]?.code}`);
  }
  return verdicts;
}

function daysOf({ deeds }: Years, first: Member | undefined): string {
  return deeds
    .filter(({ member }) => member === first)
    .map(({ what, at }) => `${what} ${dayOf(at)}`)
    .join(", ");
}
