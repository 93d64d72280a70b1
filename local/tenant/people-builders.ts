/** Users and groups that have been there for long. */
import { dayMs, isoSeconds } from "./time.ts";
import type { World } from "./world.ts";

/** @returns the user's object id */
export function addUser(
  world: World,
  seed: { readonly userPrincipalName?: string; readonly id?: string } = {},
): string {
  const id = (seed.id ?? world.random.guid()).toLowerCase();
  const userPrincipalName = seed.userPrincipalName ?? `${world.random.letters(6).toLowerCase()}@contoso.example`;
  const displayName = userPrincipalName.split("@")[0] ?? "";
  const createdDateTime = isoSeconds(world.now() - 900 * dayMs);
  world.directory.users.seed({
    id,
    userPrincipalName,
    displayName,
    createdDateTime,
    accountEnabled: true,
    deletedDateTime: null,
  });
  return id;
}

export interface GroupSeed {
  readonly displayName?: string;
  readonly id?: string;
  readonly isAssignableToRole?: boolean;
  /** object ids; a group among them makes a nested one */
  readonly members?: readonly string[];
}

/** @returns the group's object id */
export function addGroup(world: World, seed: GroupSeed = {}): string {
  const id = (seed.id ?? world.random.guid()).toLowerCase();
  const displayName = seed.displayName ?? `group-${world.random.letters(5).toLowerCase()}`;
  world.directory.groups.seed({
    ...{ id, displayName, description: null, deletedDateTime: null, groupTypes: [] },
    createdDateTime: isoSeconds(world.now() - 900 * dayMs),
    isAssignableToRole: seed.isAssignableToRole ?? null,
    mailEnabled: false,
    mailNickname: displayName,
    securityEnabled: true,
  });
  for (const memberId of seed.members ?? []) {
    world.directory.memberships.seed({ id: `${id}/${memberId}`, groupId: id, memberId });
  }
  return id;
}
