/** A service principal was given a permission of one of Microsoft's APIs that leads nowhere by itself. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { isTenantApi, permissionWorth } from "./data/permissions.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { grantExample } from "./support/examples.ts";

const title = "The service principal was given an ordinary application permission";
const readUsers = { appRoleId: "df021288-bdef-4463-88db-98f22de89214", value: "User.Read.All" };

export const ordinaryPermissionGranted = defineDetection({
  id: "ordinary-permission-granted",
  title,
  severity: "low",
  attack: ["T1098.003"],
  patterns: ["B1"],
  guide: {
    why: "Permissions to read users and groups tell an attacker whom to go for next. They are worth knowing beside another signal, and not worth a question by themselves.",
    check: "Whether something else was found of the identity or of who granted it.",
    falsePositives: "Nearly all of it: every integration that reads the directory has some.",
    tune: "detections.ordinary-permission-granted; it never does more than observe. What leads to the tenant or to a whole service is found by app-role-granted.",
  },
  on: ["app-role-granted"],
  ceiling: "observe",
  evaluate,
  examples: {
    match: [grantExample(readUsers), grantExample({ ...readUsers, appRoleId: null })],
    ignore: [
      grantExample({}),
      // what an API of the tenant, or of a vendor, guards by itself
      grantExample({ ...readUsers, resourceAppId: "c5393580-f805-4401-95e8-94b7a6ef2fc2" }),
    ],
  },
});

function evaluate(event: EventOf<"app-role-granted">): Match | null {
  const { resourceId, resourceAppId, appRoleId, value } = event;
  if (permissionWorth(event) !== "ordinary" || !isTenantApi(resourceAppId)) return null;
  return {
    title,
    dedupeBy: actOf(event, resourceId, appRoleId ?? value),
    details: { about: "app-role-granted", resourceId, appRoleId, value },
  };
}
