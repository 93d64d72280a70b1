/** The command and the template make the same settings. */
import { expect, it } from "vitest";
import { LogCategory } from "../../../shared/domain/event-facts.ts";
import { ourSettings, propertiesOf } from "../../../tools/diagnostics/settings.ts";
import { type Fields, readTemplates } from "../../support/bicep.ts";

const rule = "/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/authorizationRules/r";

it("makes the same settings as the template, of the same categories, to the same hubs", async () => {
  const template = (await readTemplates("infra")).get("entra-diagnostics.bicep");
  const deployed = (template?.resources ?? []).map(({ body: { name, properties } }) => ({
    name,
    properties: { ...(properties as Fields), eventHubAuthorizationRuleId: rule },
  }));
  expect(deployed).toHaveLength(3);
  expect(ourSettings.map(({ name, ...one }) => ({ name, properties: propertiesOf(one, rule) }))).toEqual(deployed);
});

it("sends every category that is read, once", () => {
  expect(ourSettings.flatMap(({ categories }) => categories).toSorted()).toEqual(LogCategory.options.toSorted());
});
