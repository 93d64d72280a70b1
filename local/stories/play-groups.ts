// People of a story decide about many plans at once, or about all of them: one frozen group, and the kill switch.
import { z } from "zod";
import { tq } from "./person.ts";
import { type Peopled, sayDecided } from "./play-people.ts";
import type { Doing } from "./story-steps.ts";

const Listed = z.looseObject({ items: z.array(z.looseObject({ id: z.string(), waits: z.boolean() })) });
const Shown = z.looseObject({
  id: z.string(),
  members: z.array(z.looseObject({ identity: z.string(), planId: z.string() })),
});

export async function freezeGroup(play: Peopled, { list, as }: Doing<"freeze-group">): Promise<void> {
  const { recorder, system, tell } = play;
  const about = { who: null } as const;
  tell({ ...about, what: "person", text: `${as} looks at what the blast radius holds back (tq groups list, show)` });
  const terminal = { url: system.host.url, as };
  const listed = await tq(["groups", "list", "--json"], terminal);
  const id = listed.ok ? Listed.parse(JSON.parse(listed.said)).items.find(({ waits }) => waits)?.id : undefined;
  if (id === undefined)
    return tell({ ...about, what: "trouble", text: listed.ok ? "tq: no group waits" : `tq: ${listed.said}` });
  const shown = await tq(["groups", "show", id, "--json"], terminal);
  if (!shown.ok) return tell({ ...about, what: "trouble", text: `tq: ${shown.said}` });
  const { members } = Shown.parse(JSON.parse(shown.said));
  const plans = members.map(({ identity, planId }) => ({ planId, identity: nameOf(play, identity) }));
  recorder.groups.set(list, { id, plans });
  const whose = plans.map(({ identity }) => identity).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  tell({ ...about, what: "person", text: `tq: group ${id}, frozen: ${plans.length} plans, of ${whose.join(", ")}` });
}

/** An identity key as the story calls it. */
function nameOf({ tenant }: Peopled, key: string): string {
  const found = [...tenant.cast.values()].find(({ id, appId }) => [id, appId].some((one) => one && key.includes(one)));
  return found?.name ?? key;
}

export async function approveGroup(play: Peopled, { list, as, reason }: Doing<"approve-group">): Promise<void> {
  const { recorder, system, tell } = play;
  const group = recorder.groups.get(list);
  if (group === undefined) return tell({ what: "trouble", who: null, text: `${as} finds no group "${list}"` });
  tell({ what: "person", who: null, text: `${as} decides: approve group ${group.id}, because "${reason}"` });
  const at = Date.now();
  const answer = await tq(["groups", "approve", group.id, "--reason", reason], { url: system.host.url, as });
  const decision = `${as}: approve group ${list}`;
  if (answer.ok) recorder.decisions.push(...group.plans.map((plan) => ({ ...plan, decision, at })));
  sayDecided(tell, null, answer);
}

export async function throwKillSwitch({ system, tell }: Peopled, step: Doing<"kill-switch">): Promise<void> {
  const { turn, hours, as, reason } = step;
  tell({ what: "person", who: null, text: `${as} turns the kill switch ${turn}, because "${reason}"` });
  const lasting = turn === "on" ? ["--hours", String(hours)] : [];
  const terminal = { url: system.host.url, as };
  sayDecided(tell, null, await tq(["kill-switch", turn, ...lasting, "--reason", reason], terminal));
}
