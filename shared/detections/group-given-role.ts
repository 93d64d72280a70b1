/** A group was given a directory role, and every service principal in it has that role from now on. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { directoryReaders, isTierZeroRole } from "./data/directory-roles.ts";
import { defineDetection } from "./detection.ts";
import { actOf } from "./support/act.ts";
import { auditExample, exampleNobody } from "./support/examples.ts";

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

function example(change: Partial<EventOf<"group-given-role">>): EventOf<"group-given-role"> {
  const role = { roleDefinitionId: globalAdministrator, claimedRole: "Global Administrator", directoryScopeId: "/" };
  const said = { groupId: "3b3bf2cd-049a-4f35-9e63-dc2a0a830807", ...role };
  return auditExample("group-given-role", said, {
    subject: exampleNobody,
    claimedName: "Exchange Security",
    ...change,
  });
}

export const groupGivenRole = defineDetection({
  id: "group-given-role",
  title: "A group was given a role over the tenant",
  severity: "high",
  attack: ["T1098.003"],
  patterns: ["B6"],
  guide: {
    why: "A role given to a group shows on no member. An attacker puts a service principal into a harmlessly named group first and gives the group the role, or the other way round.",
    check:
      "Who is in the group, service principals above all, and who owns it: owners add members. Then whether the assignment went through Privileged Identity Management.",
    falsePositives: "A planned move of administrators to role-assignable groups.",
    tune: "detections.group-given-role; people are told and nothing is planned, whatever the line says.",
  },
  on: ["group-given-role"],
  ceiling: "notify",
  evaluate,
  examples: {
    match: [
      example({}),
      // for one unit only, and a role that is not told by its id
      example({ directoryScopeId: "/administrativeUnits/8ad9e0b2-7b6f-4e39-9d39-8e2f4c3b3f0a" }),
      example({ roleDefinitionId: null, claimedRole: "Harmless" }),
    ],
    ignore: [
      example({ roleDefinitionId: directoryReaders, claimedRole: "Global Administrator" }),
      // Reports Reader
      example({ roleDefinitionId: "4a5d8f65-41da-4de4-8968-e035b65339cf" }),
    ],
  },
});

function evaluate(event: EventOf<"group-given-role">): Match | null {
  const { groupId, roleDefinitionId, claimedRole } = event;
  if (!isTierZeroRole(roleDefinitionId)) return null;
  return {
    title: "A group was given a role over the tenant",
    about: { kind: "group", id: groupId },
    dedupeBy: actOf(event, groupId, roleDefinitionId ?? claimedRole),
    details: { about: "group-given-role", groupId, roleDefinitionId, claimedRole },
  };
}
