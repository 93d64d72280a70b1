/** Our diagnostic settings of Entra, as `infra/entra-diagnostics.bicep` makes them: one for each hub, since one names only one hub. */
import { LogCategory } from "../../shared/domain/event-facts.ts";
import { hubs } from "../../shared/domain/hubs.ts";
import { logCategories } from "./log-categories.ts";

export interface WantedSetting {
  readonly name: string;
  readonly hub: string;
  readonly categories: readonly LogCategory[];
}

/** Sign-ins are most of the volume, and the only ones that one can do without. */
export const signInsName = "tourniquet-sign-ins";

/** What matters most comes first, in case that there is no room for all. */
export const ourSettings: readonly WantedSetting[] = [
  settingOf("tourniquet-risk", hubs.risk),
  settingOf("tourniquet-audit", hubs.audit),
  settingOf(signInsName, hubs.signIns),
];

function settingOf(name: string, hub: string): WantedSetting {
  return { name, hub, categories: LogCategory.options.filter((category) => logCategories[category].hub === hub) };
}

/** As the resource takes them. `rule`: resource id of the rule by which Entra sends. */
export function propertiesOf({ hub, categories }: Omit<WantedSetting, "name">, rule: string) {
  return {
    eventHubAuthorizationRuleId: rule,
    eventHubName: hub,
    logs: categories.map((category) => ({ category, enabled: true })),
  };
}
