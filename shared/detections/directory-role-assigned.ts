/** A service principal was given a directory role: active or eligible, tenant-wide or scoped, with or without PIM. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { directoryReaders, isTierZeroRole } from "./data/directory-roles.ts";
import { defineDetection } from "./detection.ts";
import { actOf, isByItself } from "./support/act.ts";
import { auditExample, exampleWorkload } from "./support/examples.ts";

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

function example(change: Partial<EventOf<"directory-role-assigned">>): EventOf<"directory-role-assigned"> {
  const role = { roleDefinitionId: globalAdministrator, claimedRole: "Global Administrator" };
  const said = { ...role, directoryScopeId: "/", eligible: false };
  return auditExample("directory-role-assigned", said, change);
}

const platform = { ...exampleWorkload, id: null, claimedName: "Microsoft Azure AD Internal - Jit Provisioning" };

export const directoryRoleAssigned = defineDetection({
  id: "directory-role-assigned",
  title: "The service principal was given a directory role",
  severity: "high",
  attack: ["T1098.003"],
  patterns: ["B5"],
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
      example({ actor: platform }),
    ],
    ignore: [example({ roleDefinitionId: directoryReaders, actor: platform })],
  },
});

function evaluate(event: EventOf<"directory-role-assigned">): Match | null {
  const { roleDefinitionId, claimedRole, directoryScopeId, eligible } = event;
  if (isPlatformProvisioning(event)) return null;
  const isTierZero = isTierZeroRole(roleDefinitionId);
  return {
    title: "The service principal was given a directory role",
    severity: isTierZero ? (isByItself(event) ? "critical" : "high") : "medium",
    ...(isTierZero ? {} : { ceiling: "approve" }),
    dedupeBy: actOf(event, roleDefinitionId ?? claimedRole, directoryScopeId, eligible ? "eligible" : "active"),
    details: { about: "directory-role-assigned", roleDefinitionId, claimedRole, directoryScopeId, eligible },
  };
}

/**
 * Both must hold. Every service principal of a tenant has an id that its records carry, so an actor without one is the platform;
 * and what the platform gives to Microsoft's own service principals reads no more than every user may.
 */
function isPlatformProvisioning({ actor, roleDefinitionId }: EventOf<"directory-role-assigned">): boolean {
  const byPlatform = actor.kind === "workload" && actor.id === null && actor.appId === null;
  return byPlatform && roleDefinitionId === directoryReaders;
}
