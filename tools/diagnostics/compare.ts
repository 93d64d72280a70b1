/** What the tenant sends against what ours shall be. */
import type { LogCategory } from "../../shared/domain/event-facts.ts";
import { type Setting, sentBy } from "./resource.ts";
import type { WantedSetting } from "./settings.ts";

export interface Compared {
  readonly wanted: WantedSetting;
  /** categories that it sends now, and shall */
  readonly known: readonly LogCategory[];
  readonly missing: readonly LogCategory[];
  readonly exists: boolean;
  /** what else is not as it shall be, a phrase each */
  readonly wrong: readonly string[];
}

export function isAsWanted({ exists, missing, wrong }: Compared): boolean {
  return exists && missing.length === 0 && wrong.length === 0;
}

/** Names of Azure's are the same in capitals. */
export function isSame(one: string | null | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

export function compare(wanted: WantedSetting, settings: readonly Setting[], rule: string): Compared {
  const found = settings.find(({ name }) => isSame(name, wanted.name));
  if (found === undefined) return { wanted, known: [], missing: wanted.categories, exists: false, wrong: [] };
  const sent = sentBy(found);
  const known = wanted.categories.filter((category) => sent.includes(category));
  return {
    wanted,
    known,
    missing: wanted.categories.filter((category) => !known.includes(category)),
    exists: true,
    wrong: wrongIn(found, wanted, rule),
  };
}

function wrongIn(found: Setting, { hub, categories }: WantedSetting, rule: string): readonly string[] {
  const { eventHubAuthorizationRuleId, eventHubName, workspaceId, storageAccountId, serviceBusRuleId } =
    found.properties;
  const others = { workspaceId, storageAccountId, serviceBusRuleId };
  return [
    ...(isSame(eventHubAuthorizationRuleId, rule) ? [] : [`sends by ${eventHubAuthorizationRuleId || "no rule"}`]),
    ...(isSame(eventHubName, hub) ? [] : [`sends to hub ${eventHubName || "of Azure's own naming"}`]),
    ...Object.values(others).flatMap((place) => (place ? [`also sends to ${place}`] : [])),
    ...sentBy(found).flatMap((category) =>
      categories.some((one) => one === category) ? [] : [`also sends ${category}`],
    ),
  ];
}
