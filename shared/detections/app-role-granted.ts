/** A service principal was given an application permission. How much that is worth is told by its id, never by its name. */
import type { EventOf } from "../domain/event.ts";
import type { Match, Severity } from "../domain/finding.ts";
import type { Ceiling } from "../domain/mode.ts";
import { appRoleWorth, isTenantApi } from "./data/permissions.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { grantExample as example, exampleSubject, exampleWorkload } from "./support/examples.ts";

const exchange = { resourceAppId: "00000002-0000-0ff1-ce00-000000000000", value: "full_access_as_app" };

export const appRoleGranted = defineDetection({
  id: "app-role-granted",
  title: "The service principal was given an application permission",
  severity: "high",
  attack: ["T1098.003"],
  patterns: ["B1"],
  guide: {
    why: "Application permissions need no user: with the right one, the key of one application reads every mailbox or makes itself Global Administrator.",
    check:
      "Who granted it and whether that person remembers; what the application has done with it since. A grant by a workload has findings of its own.",
    falsePositives: "Every project that introduces a backup, migration or administration tool.",
    tune: "detections.app-role-granted. Permissions that lead to one service are held at approve, ordinary ones at observe, and those of other APIs are not found.",
  },
  on: ["app-role-granted"],
  ceiling: "enforce",
  evaluate,
  examples: {
    match: [
      example({}),
      example({ ...exchange, appRoleId: "dc890d15-9560-4a4c-9b7f-a736ec74ec40" }),
      // gave it to itself
      example({ actor: { ...exampleWorkload, id: exampleSubject.servicePrincipalId } }),
      // its name says little, its id says all
      example({ value: "User.Read.All" }),
      // not said which
      example({ appRoleId: null }),
      // of an API of somebody's own, but an id that is Graph's
      example({ resourceAppId: "56c1da01-2129-48f7-9355-af6d59d42766" }),
    ],
    ignore: [
      // what an API of the tenant, or of a vendor, guards by itself
      example({
        resourceAppId: "c5393580-f805-4401-95e8-94b7a6ef2fc2",
        appRoleId: "4807a72c-ad38-4250-94c9-4eabfe26cd55",
      }),
    ],
  },
});

const bySeverity: Record<ReturnType<typeof appRoleWorth>, { severity: Severity; ceiling?: Ceiling }> = {
  "tier-zero": { severity: "high" },
  management: { severity: "medium", ceiling: "approve" },
  // every permission of Microsoft Graph that leads nowhere by itself: worth knowing, not worth a question
  ordinary: { severity: "low", ceiling: "observe" },
};

function evaluate(event: EventOf<"app-role-granted">): Match | null {
  const { resourceId, appRoleId, value } = event;
  const worth = appRoleWorth(appRoleId);
  if (worth === "ordinary" && !isTenantApi(event.resourceAppId)) return null;
  return {
    title: "The service principal was given an application permission",
    ...bySeverity[worth],
    dedupeBy: actOf(event, resourceId, appRoleId ?? value),
    details: { about: "app-role-granted", resourceId, appRoleId, value },
  };
}
