/** Groups, who is in them (directly or by nesting), and users, as far as workload identities touch them. */
import { type AuditTarget, emitAudit, modified } from "./audit-records.ts";
import { type Call, denied, type Handler, noContent, notFound, type Reply } from "./call.ts";
import { alreadyReferenced, type DirectoryObject, directoryObject, referenced } from "./directory-objects.ts";
import type { Group } from "./foothold-types.ts";
import { isReply, listItems, single } from "./odata.ts";
import { holds } from "./permissions.ts";
import { onServicePrincipal } from "./service-principals.ts";
import type { ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

const rules = { type: "microsoft.graph.directoryObject", filterable: ["id", "displayName"] } as const;

function groupsOf(world: World, memberId: string): Group[] {
  const direct = world.directory.memberships.where((one) => one.memberId === memberId, memberId);
  return direct.map((one) => world.directory.groups.visible(one.groupId)).filter((one) => one !== undefined);
}

/** Groups within groups, each once; nesting may be circular. */
function allGroupsOf(world: World, memberId: string, found = new Map<string, Group>()): Map<string, Group> {
  for (const group of groupsOf(world, memberId)) {
    if (found.has(group.id)) continue;
    found.set(group.id, group);
    allGroupsOf(world, group.id, found);
  }
  return found;
}

function memberships(find: (world: World, id: string) => Iterable<Group>): Handler {
  return onServicePrincipal((world: World, call: Call, found: ServicePrincipal) => {
    const shown = [...find(world, found.id)].map((group) => ({ "@odata.type": "#microsoft.graph.group", ...group }));
    return listItems(world, call, shown, rules);
  });
}

function emitMember(world: World, call: Call, member: DirectoryObject, group: Group, verb: "Add" | "Remove"): void {
  const name = (key: string, value: string | null): ReturnType<typeof modified> =>
    verb === "Add" ? modified(key, undefined, value) : modified(key, value, undefined);
  const type = String(member["@odata.type"]);
  const first: AuditTarget = {
    id: member.id,
    displayName: String(member.displayName ?? ""),
    type: type.endsWith(".user") ? "User" : type.endsWith(".group") ? "Group" : "ServicePrincipal",
    modifiedProperties: [
      name("Group.ObjectID", group.id),
      name("Group.DisplayName", group.displayName),
      name("Group.WellKnownObjectName", null),
    ],
  };
  const second: AuditTarget = { id: group.id, displayName: null, type: "Group", modifiedProperties: [] };
  emitAudit(world, call, {
    activity: verb === "Add" ? "Add member to group" : "Remove member from group",
    operationType: verb === "Add" ? "Assign" : "Unassign",
    category: "GroupManagement",
    targets: [first, second],
  });
}

/** Members of a role-assignable group are changed only by who may hand out directory roles as well. */
function mayChange(call: Call, group: Group): boolean {
  const members = holds(call.roles, "GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All");
  return members && (!group.isAssignableToRole || holds(call.roles, "RoleManagement.ReadWrite.Directory"));
}

function onGroup(act: (world: World, call: Call, group: Group) => Reply): Handler {
  return (world, call) => {
    const id = (call.params["group-id"] ?? "").toLowerCase();
    const group = world.directory.groups.visible(id);
    return group ? act(world, call, group) : notFound(id);
  };
}

function add(world: World, call: Call, group: Group): Reply {
  if (!mayChange(call, group)) return denied();
  const member = referenced(world, call);
  if (isReply(member)) return member;
  const id = `${group.id}/${member.id}`;
  if (world.directory.memberships.latest(id)) return alreadyReferenced("members");
  world.directory.memberships.put({ id, groupId: group.id, memberId: member.id });
  emitMember(world, call, member, group, "Add");
  return noContent;
}

function remove(world: World, call: Call, group: Group): Reply {
  if (!mayChange(call, group)) return denied();
  const memberId = (call.params["directoryObject-id"] ?? "").toLowerCase();
  const id = `${group.id}/${memberId}`;
  if (!world.directory.memberships.visible(id) || !world.directory.memberships.latest(id)) return notFound(memberId);
  world.directory.memberships.remove(id);
  emitMember(world, call, directoryObject(world, memberId) ?? { id: memberId }, group, "Remove");
  return noContent;
}

function getUser(world: World, call: Call): Reply {
  const id = (call.params["user-id"] ?? "").toLowerCase();
  const found = world.directory.users.visible(id);
  return found ? single(world, call, found, "microsoft.graph.user") : notFound(id);
}

export const groupHandlers = {
  get: onGroup((world, call, group) => single(world, call, group, "microsoft.graph.group")),
  addMember: onGroup(add),
  removeMember: onGroup(remove),
  memberOf: memberships(groupsOf),
  transitiveMemberOf: memberships((world, id) => allGroupsOf(world, id).values()),
  getUser,
} satisfies Record<string, Handler>;
