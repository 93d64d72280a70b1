/** The running app: is it well, does it go by this policy, is it held, who may call it, where does it begin to read. */

import type { Policy } from "../../../shared/domain/policy.ts";
import { policyHash } from "../../../shared/engine/health.ts";
import { printable } from "../../text/printable.ts";
import { lasting } from "../../tq/times.ts";
import type { App, AppHealth } from "../app-health.ts";
import { type Check, failed, ok, unknown, warning } from "../check.ts";

export function checkApp({ health }: App, policy: Policy): readonly Check[] {
  const { due } = health;
  if (due === undefined) {
    const why = printable(health.reason ?? "it does not say why");
    return [
      failed(
        "tables",
        `the app cannot read its storage: ${why}`,
        "look at the state account: its network, and the role Storage Table Data Contributor",
      ),
    ];
  }
  return [
    ok("tables", "the app reads its storage"),
    due.overdue === 0
      ? ok("writer and hub plans", `${due.waiting} things wait, none is overdue`)
      : failed(
          "writer and hub plans",
          `${due.overdue} things are overdue`,
          "is the app running, and may it receive from and send to the hub plans? Its log says",
        ),
    policyInForce(health, policy),
    killSwitch(health),
    ...waiting(health),
    dependencies(health),
    health.signingKey
      ? ok("signing key", printable(health.signingKey))
      : failed(
          "signing key",
          "there is none",
          "set TOURNIQUET_SIGNING_KEY_ID, and give the identity Key Vault Crypto User on that key",
        ),
    initialOffset(health),
  ];
}

function policyInForce({ tenantId, mode, policyHash: inForce }: AppHealth, policy: Policy): Check {
  const about = "policy in force";
  if (tenantId !== policy.tenantId)
    return failed(
      about,
      `the app acts in tenant ${printable(tenantId ?? "?")}, this policy is for ${policy.tenantId}`,
      "name the app's own policy with --policy, or its address with --url",
    );
  if (inForce === policyHash(policy)) return ok(about, `this one, mode ${mode}`);
  return warning(
    about,
    `another one than this file (mode ${printable(mode ?? "?")}, here ${policy.mode})`,
    "deploy this one, or name the deployed one with --policy: all below is by this file",
  );
}

function killSwitch({ killSwitch: reason }: AppHealth): Check {
  if (reason == null) return ok("kill switch", "off");
  return warning(
    "kill switch",
    `ON: ${printable(reason)}`,
    "nothing is written; `tq kill-switch off`, once its reason is over",
  );
}

function waiting({ deadLetters = 0, channels = {} }: AppHealth): readonly Check[] {
  const stuck = Object.entries(channels).filter(([, { waiting: count }]) => count > 0);
  return [
    deadLetters === 0
      ? ok("dead letters", "none")
      : warning(
          "dead letters",
          `${deadLetters} records could not be read`,
          "`tq dead-letters list` says which and why",
        ),
    ...stuck.map(([name, { waiting: count }]) =>
      warning(
        `channel ${printable(name)}`,
        `${count} messages wait`,
        "`tq health` says what the channel answered last",
      ),
    ),
  ];
}

const cacheFreshSeconds = 36 * 3_600;

function dependencies({ dependencyCache }: AppHealth): Check {
  const about = "who depends on what";
  const todo =
    "without it every disable asks a person: `refresh-dependencies` runs at start and at night, and its log says what it could not read";
  if (dependencyCache == null) return warning(about, "not read yet", todo);
  const age = `read ${lasting(dependencyCache.ageSeconds)} ago`;
  return dependencyCache.ageSeconds <= cacheFreshSeconds ? ok(about, age) : warning(about, age, todo);
}

function initialOffset({ initialOffset: said }: AppHealth): Check {
  const about = "initial offset";
  const todo =
    "set AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc to the time of the first deployment, once (docs/host-json.md)";
  if (said === undefined) return unknown(about, "the app does not say", "deploy a newer version of the app");
  if (said === null) return failed(about, "not set: the Event Hubs extension does not start without it", todo);
  const at = Date.parse(said);
  if (Number.isNaN(at)) return failed(about, `${printable(said)} is no time`, todo);
  return at > Date.now()
    ? failed(about, `${printable(said)} is to come: events before it would be skipped`, todo)
    : ok(about, printable(said));
}

/** Whoever is not signed in must be refused; told by asking, not by the app's own word alone. */
export async function checkAuthentication({ url, health }: App): Promise<readonly Check[]> {
  const about = "App Service Authentication";
  const answer = await fetch(`${url}/api/settings`, { redirect: "manual", signal: AbortSignal.timeout(30_000) }).catch(
    () => null,
  );
  if (answer?.ok === true) return [failed(about, "a stranger is answered", "stop the app now: somebody changed it")];
  if (health.platformAuthentication === true) return [ok(about, "on; who is not signed in is refused")];
  if (health.platformAuthentication === undefined)
    return [unknown(about, "the app does not say", "deploy a newer version of the app")];
  return [
    failed(
      about,
      "off: the API refuses everybody, so nobody can approve, undo or throw the kill switch",
      "switch it on for the app, with the API's app registration",
    ),
  ];
}
