/** What `diagnostics` prints: each category, what others send, and what to do about what Azure refused. */
import { columns } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import type { Refusal } from "./change.ts";
import type { Compared } from "./compare.ts";
import { logCategories } from "./log-categories.ts";
import { type Setting, sentBy } from "./resource.ts";

/** "Diagnostic settings in Azure Monitor": of each resource, and Entra is one. */
export const settingsAtMost = 5;

export function showCategories(all: readonly Compared[]): string {
  const rows = all.flatMap(({ wanted, known, wrong }) =>
    wanted.categories.map((category) => {
      const { licence, events } = logCategories[category];
      const sent = wrong.length === 0 ? "sent" : "sent, not as it shall be";
      return [category, wanted.hub, known.includes(category) ? sent : "missing", licence, events];
    }),
  );
  return columns([["LOG", "HUB", "STATE", "LICENCE", "EVENTS OF 64 KB"], ...rows]);
}

export function showOthers(others: readonly Setting[]): string {
  if (others.length === 0) return "Nobody else has a diagnostic setting here.";
  const rows = others.map((one) => [printable(one.name), printable(sentBy(one).join(", ")), placeOf(one)]);
  return `Of others, and left alone:\n${columns([["SETTING", "SENDS", "TO"], ...rows])}`;
}

function placeOf({ properties }: Setting): string {
  const {
    eventHubAuthorizationRuleId: rule,
    eventHubName,
    workspaceId,
    storageAccountId,
    serviceBusRuleId,
  } = properties;
  const hub = rule ? `hub ${eventHubName || "named after each log"} by ${rule}` : null;
  const places = [hub, workspaceId, storageAccountId, serviceBusRuleId].filter(Boolean);
  return printable(places.join("; ") || "nowhere");
}

/** `deed`: what was or would be done with a setting that has to be changed. */
export function showChange({ wanted, exists, missing, wrong }: Compared, deed: "will be" | "would be"): string {
  const added = missing.length === 0 ? [] : [`sends ${missing.join(", ")}`];
  if (!exists) return `${deed} made: ${wanted.name}, ${added.join()}, to hub ${wanted.hub}`;
  const undone = wrong.map((what) => `no longer: ${printable(what)}`);
  return `${deed} changed: ${wanted.name}, ${[...added, ...undone].join("; ")}`;
}

export function showRefusal({ categories, answer }: Refusal, isRoomLeft: boolean): string {
  const said = printable(`${answer.code}: ${answer.message}`);
  return `refused: ${categories.join(", ")} (${said}). ${mendingOf({ categories, answer }, isRoomLeft)}`;
}

function mendingOf({ categories, answer }: Refusal, isRoomLeft: boolean): string {
  if (answer.status === 409)
    return "Another setting, listed above, sends the same to the same hub: whoever owns it removes it there, or it stays and this one is not needed.";
  if (!isRoomLeft)
    return `A tenant has ${settingsAtMost} diagnostic settings at most, and has them: whoever owns one of those listed above removes it, or sends by it what two of them send now.`;
  const licences = new Set(categories.map((category) => logCategories[category].licence));
  return `It takes ${[...licences].join(", ")}: ask again when the tenant has that, since nothing is seen of it until then. If it has it, look whether the rule and its hub are there.`;
}
