/** A service principal was given an application permission over the tenant or a whole service of it, as its id tells. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { permissionWorth } from "./data/permissions.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { grantExample as example, exampleSubject, exampleWorkload } from "./support/examples.ts";

const exchange = { resourceAppId: "00000002-0000-0ff1-ce00-000000000000", value: "full_access_as_app" };

export const appRoleGranted = defineDetection({
  id: "app-role-granted",
  title: "The service principal was given a powerful application permission",
  severity: "high",
  attack: ["T1098.003"],
  patterns: ["B1"],
  guide: {
    why: "Application permissions need no user: with the right one, the key of one application reads every mailbox or makes itself Global Administrator.",
    check:
      "Who granted it and whether that person remembers; what the application has done with it since. A grant by a workload has findings of its own.",
    falsePositives: "Every project that introduces a backup, migration or administration tool.",
    tune: "detections.app-role-granted. Permissions that lead to one service, or are not told by their id, are held at approve. The rest is found by ordinary-permission-granted, or is another API's and not found.",
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
      // not said which, or only by its value
      example({ appRoleId: null, value: null }),
      example({ appRoleId: null }),
      example({ ...exchange, appRoleId: null }),
      // nor of which API
      example({ appRoleId: null, value: "User.Read.All", resourceAppId: null }),
      // of an API of somebody's own, but an id that is Graph's
      example({ resourceAppId: "56c1da01-2129-48f7-9355-af6d59d42766" }),
    ],
    ignore: [
      // User.Read.All
      example({ appRoleId: "df021288-bdef-4463-88db-98f22de89214", value: "User.Read.All" }),
      example({ appRoleId: null, value: "User.Read.All" }),
      // what an API of the tenant, or of a vendor, guards by itself
      example({
        resourceAppId: "c5393580-f805-4401-95e8-94b7a6ef2fc2",
        appRoleId: "4807a72c-ad38-4250-94c9-4eabfe26cd55",
      }),
    ],
  },
});

function evaluate(event: EventOf<"app-role-granted">): Match | null {
  const { resourceId, appRoleId, value } = event;
  const worth = permissionWorth(event);
  if (worth === "ordinary") return null;
  return {
    title: "The service principal was given a powerful application permission",
    severity: worth === "tier-zero" ? "high" : "medium",
    ...(worth === "tier-zero" && appRoleId !== null ? {} : { ceiling: "approve" }),
    dedupeBy: actOf(event, resourceId, appRoleId ?? value),
    details: { about: "app-role-granted", resourceId, appRoleId, value },
  };
}
