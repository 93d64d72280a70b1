/** Somebody consented to what phishing applications ask for, or although Microsoft warned that the application is risky. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { isSensitiveScope } from "./data/permissions.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample } from "./support/examples.ts";
import { scopesSeverity } from "./support/scopes-severity.ts";

function example(scopes: string[], change: Partial<EventOf<"consented">> = {}): EventOf<"consented"> {
  const resource = { resourceId: "c6de1beb-148e-43f6-8c73-29d84232e699", consentType: "Principal" } as const;
  const grants = [{ ...resource, principalId: "9d8001cb-a159-4252-a3a1-c2dc689f322a", scopes }];
  return auditExample("consented", { onBehalfOfAll: false, appRoles: false, risky: false, grants }, change);
}

export const illicitConsent = defineDetection({
  id: "illicit-consent",
  title: "A consent gave the application what phishing applications ask for",
  severity: "medium",
  attack: ["T1528"],
  patterns: ["C1"],
  on: ["consented"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      example(["offline_access", "Mail.Read", "Mail.Send"]),
      example(["Files.ReadWrite.All"], { onBehalfOfAll: true }),
      example(["User.Read"], { risky: true }),
    ],
    ignore: [
      example(["User.Read", "openid", "profile", "offline_access"]),
      example(["User.Read"], { onBehalfOfAll: true }),
      // each application permission it gave is a record of its own
      example([], { appRoles: true }),
    ],
  },
});

function evaluate(event: EventOf<"consented">): Match | null {
  const { onBehalfOfAll, appRoles, risky, grants } = event;
  const scopes = [...new Set(grants.flatMap((grant) => grant.scopes))];
  if (!risky && !scopes.some(isSensitiveScope)) return null;
  return {
    title: risky
      ? "Somebody consented although Microsoft warned that the application is risky"
      : "A consent gave the application what phishing applications ask for",
    severity: risky ? "high" : scopesSeverity(scopes, onBehalfOfAll),
    dedupeBy: actOf(event),
    details: { about: "consented", onBehalfOfAll, appRoles, scopes, grants },
  };
}
