/** `identities show`: what is known of one identity, each with its age. */
import type { z } from "zod";
import { getIdentity } from "../../shared/api/show-identities.ts";
import { printable, quotedName } from "../text/printable.ts";
import { call } from "./call.ts";
import { type Command, wordOf } from "./command.ts";
import { utc } from "./times.ts";

export const identitiesShow: Command = async (context) => {
  const id = wordOf(context, "an identity", "appId:GUID, or the object id of a service principal or an application");
  const { body } = await call(context.connection, getIdentity, { params: { id } });
  return { data: body, text: showIdentity(body) };
};

type Identity = z.output<(typeof getIdentity)["answer"]["schema"]>;

function showIdentity(identity: Identity): string {
  const { kind, hint } = identity;
  return [
    `appId ${identity.appId ?? "unknown"}`,
    `service principal ${identity.servicePrincipalId ?? "unknown"}, application ${identity.applicationObjectId ?? "unknown"}`,
    `named ${quotedName(identity.claimedName)}`,
    kind === null ? "kind unknown" : `${kind.kind}, ${tierZeroIn(kind.tierZero)} (read ${utc(kind.readAt)} UTC)`,
    ...(hint === null ? [] : [printable(hint)]),
    ...disabled(identity),
    ...footholds(identity),
    ...dependencies(identity),
    ...protection(identity),
    ...incidents(identity),
  ].join("\n");
}

function tierZeroIn(is: boolean | null): string {
  if (is === null) return "not known whether it may take the tenant";
  return is ? "tier 0: it may take the tenant" : "not tier 0";
}

function disabled({ disabledByUs }: Identity): readonly string[] {
  if (disabledByUs === null) return [];
  return [`Disabled by us: plan ${disabledByUs.planId}, ${utc(disabledByUs.appliedAt)} UTC`];
}

function footholds({ footholds: known, notLookedAt, changedSince }: Identity): readonly string[] {
  if (known === null) return ["", "Footholds: nobody has looked"];
  const { servicePrincipal, usedBy } = known;
  const users = usedBy.usersAndGroups ?? "an unknown number of";
  const clients = usedBy.clientApplications ?? "an unknown number of";
  return [
    "",
    `Footholds, read ${utc(known.readAt)} UTC:`,
    `  service principal ${servicePrincipal === null ? "not there" : stateOf(servicePrincipal.accountEnabled)}`,
    `  used by ${users} users and groups and ${clients} client applications`,
    ...Object.entries(known.parts).map(([name, part]) => `  ${wordsOf(name)}: ${part?.count ?? "not looked at"}`),
    ...(notLookedAt.length === 0 ? [] : [`  not looked at: ${notLookedAt.map(wordsOf).join(", ")}`]),
    ...changedSince.map(({ action, planId, at }) => `  changed since: ${action} of plan ${planId}, ${utc(at)} UTC`),
  ];
}

function stateOf(enabled: boolean | null): string {
  if (enabled === null) return "enabled or not: unknown";
  return enabled ? "enabled" : "disabled";
}

/** `secretsOnServicePrincipal` → `secrets on service principal`. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function dependencies({ dependencies: readings, baseline }: Identity): readonly string[] {
  const [newest] = readings;
  const used =
    newest === undefined
      ? "Last use: never read"
      : `Last used ${newest.lastUsedAt === null ? "at an unknown time" : `${utc(newest.lastUsedAt)} UTC`} (read ${utc(newest.readAt)} UTC)`;
  if (baseline === null) return ["", used, "Usual for it: nothing was learned"];
  const { networks, countries, resources, credentials } = baseline;
  const usual = `Usual for it: ${networks} networks, ${countries} countries, ${resources} resources, ${credentials} credentials`;
  return ["", used, usual];
}

function protection({ protection: { protections, listAltered, attribute, tierZero } }: Identity): readonly string[] {
  return [
    ...(protections.length === 0 ? ["Protected by nobody's list"] : []),
    ...protections.map(({ how, id, list, by, reason }) =>
      printable(`Protected (${how}) as ${id}, by ${list === "policy" ? "the policy file" : `${by}: ${reason}`}`),
    ),
    ...(listAltered ? ["The list of what people protected was edited behind our back: every plan asks"] : []),
    ...(attribute === null ? [] : [`The attribute ${attribute} may protect it besides`]),
    ...(tierZero.is === false
      ? []
      : [printable(`Tier 0: ${tierZero.is === null ? "not known" : "yes"}, ${tierZero.why}`)]),
  ];
}

function incidents({ incidents: known }: Identity): readonly string[] {
  if (known.length === 0) return ["", "No incidents"];
  return [
    "",
    "Incidents:",
    ...known.map(
      ({ id, openedAt, severity, status, contained, findings, plans }) =>
        `  ${id}  ${utc(openedAt)}  ${severity}  ${status}${contained ? ", contained" : ""}  ${findings} findings, ${plans} plans`,
    ),
  ];
}
