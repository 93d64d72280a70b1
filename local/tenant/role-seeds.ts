/** Directory roles that were given long before anything happens. */
import { holdingOf, type RoleHolding } from "./role-store.ts";
import { dayMs } from "./time.ts";
import type { World } from "./world.ts";

export interface RoleSeed {
  readonly principalId: string;
  readonly roleDefinitionId: string;
  /** default: the whole directory */
  readonly directoryScopeId?: string;
  /** default: active */
  readonly kind?: RoleHolding["kind"];
}

export function seedRole(world: World, seed: RoleSeed): void {
  const { principalId, roleDefinitionId, directoryScopeId = "/", kind = "active" } = seed;
  const terms = { principalId, roleDefinitionId, directoryScopeId, kind, endsAt: null, createdUsing: null };
  world.directory.roles.holdings.seed(holdingOf(world, { ...terms, startsAt: world.now() - 300 * dayMs }));
}
