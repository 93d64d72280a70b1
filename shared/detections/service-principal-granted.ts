/** A workload gave privilege to another: what people do by consent, done without any. The finding is about the giver. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { actOf, isByItself } from "./support/act.ts";
import { auditExample, exampleSubject, exampleWorkload, grantExample, roleExample } from "./support/examples.ts";
import { type Granting, granting, privilegeOf } from "./support/privilege.ts";

const byWorkload = { actor: exampleWorkload };
const scopes = (...given: string[]) => ({
  grants: [{ resourceId: "c6de1beb-148e-43f6-8c73-29d84232e699", scopes: given, consentType: null, principalId: null }],
});
const consent = (change: Partial<EventOf<"consented">>) =>
  auditExample("consented", { onBehalfOfAll: true, appRoles: false, risky: false, grants: [] }, change);

export const servicePrincipalGranted = defineDetection({
  id: "service-principal-granted",
  title: "The service principal gave privilege to another",
  severity: "high",
  attack: ["T1098.003"],
  patterns: ["B2"],
  guide: {
    why: "A service principal that may grant permissions needs no administrator's consent. An attacker who holds its key makes a second identity powerful and goes on with that one, so the giver is as compromised as the taker.",
    check:
      "Both identities: how the giver signed in at that time (network, key), who owns the taker and how old it is. Ask the giver's owners whether its code ever grants anything.",
    falsePositives:
      "Deployment pipelines that create applications and grant their permissions, and Microsoft's own Privileged Identity Management, which activates roles under a service principal of its own.",
    tune: "detections.service-principal-granted; name pipelines under protected.twoPeople or protected.ask so that nothing stops them alone.",
  },
  on: granting,
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      grantExample(byWorkload),
      roleExample(byWorkload),
      consent({ ...byWorkload, ...scopes("Mail.Read", "offline_access") }),
    ],
    ignore: [
      grantExample({}),
      // gave it to itself
      grantExample({ actor: { ...exampleWorkload, id: exampleSubject.servicePrincipalId } }),
      // the platform: no ids
      roleExample({ actor: { ...exampleWorkload, id: null } }),
      // User.Read.All, which leads nowhere by itself
      grantExample({ ...byWorkload, appRoleId: "df021288-bdef-4463-88db-98f22de89214", value: "User.Read.All" }),
      roleExample({ ...byWorkload, roleDefinitionId: "88d8e3e3-8f55-4a1e-953a-9b9898b8876b" }),
      consent({ ...byWorkload, ...scopes("User.Read") }),
    ],
  },
});

function evaluate(event: Granting): Match | null {
  const { actor, subject } = event;
  if (actor.kind !== "workload" || actor.id === null || isByItself(event)) return null;
  const given = privilegeOf(event);
  if (given === null) return null;
  return {
    title: "The service principal gave privilege to another",
    severity: given.worth === "tier-zero" ? "high" : "medium",
    about: "actor",
    dedupeBy: actOf(event, subject.servicePrincipalId ?? subject.appId ?? subject.applicationObjectId, given.what),
    details: { about: "privilege-granted", grantee: subject, what: given.what, toItself: false },
  };
}
