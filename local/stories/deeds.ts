// What else somebody does to an identity: switches, deletion, risk.
import type { Hands } from "../tenant/hands.ts";
import type { Tenant } from "./cast.ts";
import type { Member } from "./evidence.ts";
import { actorOf } from "./people.ts";
import type { Deed } from "./story-steps.ts";
import { takeAway } from "./take-away.ts";

/** @returns what was done, as it continues "somebody …". @throws Error when the twin refuses it, or it makes no sense */
export function doDeed(tenant: Tenant, member: Member, deed: Deed): string {
  const hands = tenant.twin.as(actorOf(tenant.cast, deed.by));
  switch (deed.do) {
    case "take-away": {
      const what = member.labels.get(deed.label);
      if (what === undefined) throw new Error(`${member.name} has nothing called "${deed.label}" yet.`);
      takeAway(tenant, hands, member, deed.label, what);
      return `takes "${deed.label}" away`;
    }
    case "set-enabled":
      hands.setAccountEnabled(member.id, deed.enabled);
      return deed.enabled ? "enables it" : "disables it";
    case "set-deactivated":
      hands.setApplicationDisabled(applicationOf(member), deed.deactivated);
      return deed.deactivated ? "deactivates its application" : "activates its application again";
    case "delete": {
      const isApplication = deed.object === "application";
      const id = isApplication ? applicationOf(member) : member.id;
      hands.deleteObject({ object: isApplication ? "application" : "servicePrincipal", id });
      return `deletes its ${deed.object}`;
    }
    case "restore":
      hands.restore(deed.object === "application" ? applicationOf(member) : member.id);
      return `restores its ${deed.object}`;
    case "confirm-risk":
      setRisk(hands, member, "confirmCompromised");
      return "confirms that it is compromised";
    case "dismiss-risk":
      setRisk(hands, member, "dismiss");
      return "dismisses its risk";
  }
}

/** Agents have a service of their own, in beta. */
function setRisk(hands: Hands, { id, kind }: Member, verb: "confirmCompromised" | "dismiss"): void {
  if (kind === "agent" || kind === "agent-blueprint") {
    const path = `/identityProtection/riskyAgents/${verb}`;
    hands.request({ method: "POST", version: "beta", path, body: { agentIds: [id] } });
  } else if (verb === "dismiss") hands.dismissRisk([id]);
  else hands.confirmCompromised([id]);
}

function applicationOf({ name, applicationId }: Member): string {
  if (applicationId === null) throw new Error(`${name} has no application in this tenant.`);
  return applicationId;
}
