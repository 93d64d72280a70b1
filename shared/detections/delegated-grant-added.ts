/** A client may act for users towards an API, with permissions that attackers ask for. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { isSensitiveScope, isTenantApi } from "./data/permissions.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample } from "./support/examples.ts";
import { scopesSeverity } from "./support/scopes-severity.ts";

const mail = ["offline_access", "Mail.Read", "Files.ReadWrite.All"];

function example(change: Partial<EventOf<"delegated-grant-added">>): EventOf<"delegated-grant-added"> {
  const resource = {
    resourceId: "c6de1beb-148e-43f6-8c73-29d84232e699",
    resourceAppId: "00000003-0000-0000-c000-000000000000",
  };
  const kind = { consentType: "Principal", principalId: null } as const;
  return auditExample("delegated-grant-added", { ...resource, ...kind, scopes: mail }, change);
}

export const delegatedGrantAdded = defineDetection({
  id: "delegated-grant-added",
  title: "The client was given delegated permissions that attackers ask for",
  severity: "medium",
  attack: ["T1528", "T1098.003"],
  patterns: ["B7"],
  guide: {
    why: "With a delegated grant an application reads mail and files as the user, as long as it keeps a refresh token; for all principals, as everybody.",
    check:
      "Whether a consent stands beside it, by whom, and what the application is. For all principals, treat it like an application permission.",
    falsePositives: "Products that are introduced for all; tools that people connect to their own mailbox.",
    tune: "detections.delegated-grant-added. Which scopes count is part of the detection: mail, files, notes, chats, groups, and what controls the tenant.",
  },
  on: ["delegated-grant-added"],
  ceiling: "approve",
  evaluate,
  examples: {
    match: [
      example({}),
      example({ consentType: "AllPrincipals" }),
      example({ resourceAppId: null }),
      example({ scopes: ["RoleManagement.ReadWrite.Directory"] }),
    ],
    ignore: [
      example({ scopes: ["User.Read", "openid", "profile", "offline_access"], consentType: "AllPrincipals" }),
      // an API of somebody's own, whatever it calls its permissions
      example({ resourceAppId: "c5393580-f805-4401-95e8-94b7a6ef2fc2" }),
    ],
  },
});

function evaluate(event: EventOf<"delegated-grant-added">): Match | null {
  const { resourceId, scopes, consentType, principalId } = event;
  if (!isTenantApi(event.resourceAppId) || !scopes.some(isSensitiveScope)) return null;
  return {
    title: "The client was given delegated permissions that attackers ask for",
    severity: scopesSeverity(scopes, consentType === "AllPrincipals"),
    dedupeBy: actOf(event, resourceId),
    details: { about: "delegated-grant-added", resourceId, scopes, consentType, principalId },
  };
}
