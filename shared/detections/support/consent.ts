/** What the detections of consents have in common. */
import type { EventOf } from "../../domain/event.ts";
import type { Match, Severity } from "../../domain/finding.ts";
import { actOf } from "./act.ts";

type Consented = EventOf<"consented">;

/** `IsAdminConsent` only says that an administrator clicked; this says for whom. */
export function isForEverybody({ onBehalfOfAll, grants }: Consented): boolean {
  return onBehalfOfAll || grants.some(({ consentType }) => consentType === "AllPrincipals");
}

export function scopesOf({ grants, illegibleScopes = [] }: Consented): string[] {
  return [...new Set([...grants.flatMap(({ scopes }) => scopes), ...illegibleScopes])];
}

export function consentMatch(event: Consented, title: string, severity?: Severity): Match {
  const { onBehalfOfAll, appRoles, grants } = event;
  return {
    title,
    ...(severity === undefined ? {} : { severity }),
    dedupeBy: actOf(event),
    details: { about: "consented", onBehalfOfAll, appRoles, scopes: scopesOf(event), grants },
  };
}
