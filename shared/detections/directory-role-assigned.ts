/** A service principal was given a directory role: active or eligible, tenant-wide or scoped, with or without PIM. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { directoryReaders, isTierZeroRole } from "./data/directory-roles.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { roleExample as example, examplePlatform } from "./support/examples.ts";
import { isNamelessWorkload } from "./support/platform.ts";

export const directoryRoleAssigned = defineDetection({
  id: "directory-role-assigned",
  title: "The service principal was given a directory role",
  severity: "high",
  attack: ["T1098.003"],
  patterns: ["B5"],
  guide: {
    why: "A service principal with a role acts as an administrator without a password, a second factor or Conditional Access for users.",
    check:
      "Whether the role went through Privileged Identity Management, who assigned it, and what the identity did with it.",
    falsePositives:
      "Automation that is given a role on purpose. What the platform gives its own service principals to read the directory is not found.",
    tune: "detections.directory-role-assigned. Roles that do not lead to the whole tenant, or are not told by their id, are held at approve.",
  },
  on: ["directory-role-assigned"],
  ceiling: "enforce",
  evaluate,
  examples: {
    match: [
      example({}),
      example({ eligible: true, directoryScopeId: null }),
      example({ roleDefinitionId: null, claimedRole: "Harmless" }),
      // one of the two facts that make it the platform's doing, but not the other
      example({ roleDefinitionId: directoryReaders }),
      example({ actor: examplePlatform }),
    ],
    ignore: [example({ roleDefinitionId: directoryReaders, actor: examplePlatform })],
  },
});

function evaluate(event: EventOf<"directory-role-assigned">): Match | null {
  const { roleDefinitionId, claimedRole, directoryScopeId, eligible } = event;
  if (isPlatformProvisioning(event)) return null;
  const isTierZero = isTierZeroRole(roleDefinitionId);
  return {
    title: "The service principal was given a directory role",
    severity: isTierZero ? "high" : "medium",
    // a role that is not told by its id counts as the worst, and is not taken away unseen
    ...(isTierZero && roleDefinitionId !== null ? {} : { ceiling: "approve" }),
    dedupeBy: actOf(event, roleDefinitionId ?? claimedRole, directoryScopeId, eligible ? "eligible" : "active"),
    details: { about: "directory-role-assigned", roleDefinitionId, claimedRole, directoryScopeId, eligible },
  };
}

/**
 * Both must hold. Every service principal of a tenant has an id that its records carry, so an actor without one is the platform;
 * and what the platform gives to Microsoft's own service principals reads no more than every user may.
 */
function isPlatformProvisioning({ actor, roleDefinitionId }: EventOf<"directory-role-assigned">): boolean {
  return isNamelessWorkload(actor) && roleDefinitionId === directoryReaders;
}
