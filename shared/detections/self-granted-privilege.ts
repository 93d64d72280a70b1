/** A workload gave privilege over the tenant, or over a service of it, to itself or to a service principal that it had made for that. */
import { valuesWithin } from "../domain/baseline.ts";
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { type DetectionFacts, defineDetection } from "./detection.ts";
import { actOf, isByItself } from "./support/act.ts";
import { exampleHistory, exampleSubject, exampleWorkload, grantExample, roleExample } from "./support/examples.ts";
import { detailsOf, privilegeOf } from "./support/privilege.ts";

const itself = { actor: { ...exampleWorkload, id: exampleSubject.servicePrincipalId } };
const hand = { ...exampleSubject, servicePrincipalId: "452bc3f0-87e1-4013-8e7e-438a57f0c49b" };
const dayMs = 24 * 3600_000;

export const selfGrantedPrivilege = defineDetection({
  id: "self-granted-privilege",
  title: "The service principal gave itself privilege over the tenant",
  severity: "critical",
  attack: ["T1098.003"],
  patterns: ["B3"],
  guide: {
    why: "Whoever may assign permissions may assign them to itself: one call leads from a single leaked key to the whole tenant. Midnight Blizzard went this way, by a second application made for it.",
    check:
      "What the identity did since, with the new privilege: roles, credentials of other applications, Conditional Access. Minutes count. Then the key it used, and whoever could read it.",
    falsePositives:
      "Hardly any. A bootstrap pipeline that gives itself what it needs, or the identity it has just made; it should be granted by a person once instead.",
    tune: "detections.self-granted-privilege; unattendedEradication there lets remove-added-privilege take exactly this privilege away without a person, but not from a tier-0 identity, which whoever can do this mostly is: people are asked then. What leads to one service only is held at approve.",
  },
  on: ["app-role-granted", "directory-role-assigned"],
  ceiling: "enforce",
  evaluate,
  examples: {
    match: [
      grantExample(itself),
      roleExample(itself),
      // every mailbox, and a role that leads to less than the tenant
      grantExample({ ...itself, appRoleId: "e2a3a72e-5f79-4c64-b1b1-878b674786c9", value: "Mail.ReadWrite" }),
      roleExample({ ...itself, roleDefinitionId: "729827e3-9c14-49f7-bb1b-9608f156bbb8" }),
      // to one that it had made an hour before
      grantExample({ actor: exampleWorkload, subject: hand }),
    ],
    ignore: [
      grantExample({}),
      // to one that was there
      grantExample({ actor: exampleWorkload }),
      // a person may make and equip an application
      grantExample({ subject: hand }),
      grantExample({ ...itself, appRoleId: "df021288-bdef-4463-88db-98f22de89214", value: "User.Read.All" }),
      roleExample({ ...itself, roleDefinitionId: "88d8e3e3-8f55-4a1e-953a-9b9898b8876b" }),
    ],
    facts: { actorBaseline: exampleHistory({ created: { [hand.servicePrincipalId]: 60 } }) },
  },
});

function evaluate(event: EventOf<"app-role-granted" | "directory-role-assigned">, facts: DetectionFacts): Match | null {
  const id = event.type === "app-role-granted" ? event.appRoleId : event.roleDefinitionId;
  const given = privilegeOf(event);
  const toItself = isByItself(event);
  if (given === null || !(toItself || isToItsOwn(event, facts))) return null;
  const isTierZero = given.worth === "tier-zero";
  const what = isTierZero ? "privilege over the tenant" : "privilege over one of its services";
  return {
    title: toItself
      ? `The service principal gave itself ${what}`
      : `The service principal got ${what} from the one that had created it`,
    severity: isTierZero ? "critical" : "high",
    // what is not told by its id counts as the worst, and is not removed unseen
    ...(id === null || !isTierZero ? { ceiling: "approve" } : {}),
    dedupeBy: actOf(event, id),
    details: detailsOf(event),
  };
}

/** Created within a day by the same workload. */
function isToItsOwn(
  { actor, subject, occurredAt }: EventOf<"app-role-granted" | "directory-role-assigned">,
  facts: DetectionFacts,
) {
  if (actor.kind !== "workload" || actor.id === null || facts.actorBaseline == null) return false;
  const at = Date.parse(occurredAt);
  const created = valuesWithin(facts.actorBaseline, "created", at - dayMs, at + dayMs);
  return [subject.servicePrincipalId, subject.applicationObjectId].some((id) => id !== null && created.includes(id));
}
