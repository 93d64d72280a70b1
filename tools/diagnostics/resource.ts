/** `microsoft.aadiam/diagnosticSettings` of the tenant one is signed in to: read and written. */
import { z } from "zod";
import { armRequest } from "../../shared/actions/azure-reads.ts";
import type { ArmTenant } from "../../shared/graph/arm-tenant.ts";
import type { ApiAnswer } from "../../shared/ports/tenant.ts";
import { bodyOf, readOne, sendOne } from "../tenant/ask.ts";

const provider = "/providers/microsoft.aadiam/diagnosticSettings";
const version = "2017-04-01";

/** "Configure Microsoft Entra diagnostic settings", and "Diagnostic settings in Azure Monitor" on sending to Event Hubs. */
export const sendingTakes =
  "a Security Administrator of the tenant, who also may list the keys of the rule (Owner or Contributor of its namespace); a role that was just activated needs a new token: sign in again";
const readingTakes = "a Security Administrator of the tenant; to look alone, a Security Reader should do";

const Setting = z.object({
  name: z.string(),
  properties: z.object({
    eventHubAuthorizationRuleId: z.string().nullish(),
    eventHubName: z.string().nullish(),
    workspaceId: z.string().nullish(),
    storageAccountId: z.string().nullish(),
    serviceBusRuleId: z.string().nullish(),
    logs: z
      .array(z.object({ category: z.string().nullish(), categoryGroup: z.string().nullish(), enabled: z.boolean() }))
      .nullish(),
  }),
});
export type Setting = z.infer<typeof Setting>;
const Settings = z.object({ value: z.array(Setting) });

/** The list, as a single one is not found for a while after it was made. */
export async function readSettings(azure: ArmTenant): Promise<readonly Setting[]> {
  const answer = await readOne(azure, { ...armRequest("GET", provider, version), allPages: true });
  const body = bodyOf(answer, "reading Entra's diagnostic settings", readingTakes);
  return body === null ? [] : Settings.parse(body).value;
}

export function putSetting(azure: ArmTenant, name: string, properties: object): Promise<ApiAnswer> {
  return sendOne(azure, armRequest("PUT", `${provider}/${name}`, version, { properties }));
}

/** Names of categories that a setting sends; of a group of them, the group. */
export function sentBy({ properties: { logs } }: Setting): readonly string[] {
  return (logs ?? []).flatMap(({ category, categoryGroup, enabled }) =>
    enabled ? [category ?? `all of ${categoryGroup ?? "what is not named"}`] : [],
  );
}
