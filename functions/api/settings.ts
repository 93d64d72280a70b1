/** Settings: the kill switch and the modes of playbooks. */
import { getSettings, putSettings } from "../../shared/api/settings.ts";
import { signatureOf } from "../../shared/domain/caller.ts";
import { changeSettings, readSettings } from "../../shared/engine/people/settings/change-settings.ts";
import { showSettings } from "../../shared/engine/people/settings/show-settings.ts";
import { type Operation, operation } from "./handler.ts";

export const settingsOperations: readonly Operation[] = [
  operation(getSettings, async ({ services }) => {
    const state = await readSettings(services);
    return { body: showSettings(services, state), etag: state.version };
  }),
  operation(putSettings, async ({ services, caller, body, ifMatch }) => {
    const { killSwitch, modes, reason } = body;
    const word = { by: signatureOf(caller), roles: caller.roles, reason };
    const state = await changeSettings(services, { killSwitch, modes }, word, ifMatch);
    return { body: showSettings(services, state), etag: state.version };
  }),
];
