/** Directory roles as the tenant holds them: built-in definitions, and who has which role, from when and until when. */
import { type Collection, createCollection, type Gate } from "./collection.ts";
import type { Random } from "./random.ts";

export interface RoleDefinition {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly isBuiltIn: true;
  readonly isEnabled: true;
  readonly resourceScopes: readonly string[];
  readonly rolePermissions: readonly object[];
  readonly templateId: string;
  readonly version: string;
}

/**
 * One role of one principal in one scope. What Graph lists as assignment, schedule and instance are views of it; the
 * assignment has an id of its own, so that nobody takes the one for the other.
 */
export interface RoleHolding {
  /** of the schedule */
  readonly id: string;
  readonly assignmentId: string;
  /** active: it may be used; eligible: it may be activated */
  readonly kind: "active" | "eligible";
  readonly principalId: string;
  readonly roleDefinitionId: string;
  /** `/`, or `/administrativeUnits/{id}`, or `/{object id}` */
  readonly directoryScopeId: string;
  readonly createdDateTime: string;
  readonly startDateTime: string;
  /** null: until it is taken away */
  readonly endDateTime: string | null;
  /** the request that made it; null without PIM */
  readonly createdUsing: string | null;
}

export interface RoleDirectory {
  readonly definitions: Collection<RoleDefinition>;
  readonly holdings: Collection<RoleHolding>;
}

/** Template ids of "Microsoft Entra built-in roles"; of a built-in role the definition's id is the same. */
export const builtInRoles: Readonly<Record<string, string>> = {
  "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
  "e8611ab8-c189-46e8-94e1-60213ab1f814": "Privileged Role Administrator",
  "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
  "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
  "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2": "Hybrid Identity Administrator",
  "29232cdf-9323-42fd-ade2-1d097af3e4de": "Exchange Administrator",
  "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator",
  "5d6b6bb7-de71-4623-b4af-96380a352509": "Security Reader",
  "f2ef992c-3afb-46b9-b7cf-a126ee74c451": "Global Reader",
  "88d8e3e3-8f55-4a1e-953a-9b9898b8876b": "Directory Readers",
};

export function createRoleDirectory(gate: Gate): RoleDirectory {
  const definitions = createCollection<RoleDefinition>(gate);
  for (const [id, displayName] of Object.entries(builtInRoles)) {
    const fixed = {
      isBuiltIn: true,
      isEnabled: true,
      resourceScopes: ["/"],
      rolePermissions: [],
      version: "1",
    } as const;
    definitions.seed({ id, displayName, description: `${displayName}.`, templateId: id, ...fixed });
  }
  return { definitions, holdings: createCollection(gate) };
}

/** The part of the world that a role is made in and judged by. */
interface Here {
  readonly random: Random;
  now(): number;
}

/** What a new holding is made from; times are epoch ms. */
export interface RoleTerms {
  readonly kind: RoleHolding["kind"];
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly createdUsing: string | null;
}

export function holdingOf(world: Here, terms: RoleTerms): RoleHolding {
  const { startsAt, endsAt, ...rest } = terms;
  return {
    ...rest,
    id: world.random.guid(),
    assignmentId: `${Buffer.from(world.random.secret()).toString("base64url").slice(0, 41)}-1`,
    createdDateTime: new Date(world.now()).toISOString(),
    startDateTime: new Date(startsAt).toISOString(),
    endDateTime: endsAt === null ? null : new Date(endsAt).toISOString(),
  };
}

/** Its time has not run out: it shows as a schedule. */
export function isScheduled(world: Pick<Here, "now">, { endDateTime }: RoleHolding): boolean {
  return endDateTime === null || Date.parse(endDateTime) > world.now();
}

/** It counts now: it shows as an instance, and an active one as an assignment. */
export function isCurrent(world: Pick<Here, "now">, holding: RoleHolding): boolean {
  return isScheduled(world, holding) && Date.parse(holding.startDateTime) <= world.now();
}

/** The same role of the same principal in the same scope, whenever. */
export function isSameRole(one: RoleHolding, other: Omit<RoleTerms, "startsAt" | "endsAt" | "createdUsing">): boolean {
  return (
    one.kind === other.kind &&
    one.principalId === other.principalId.toLowerCase() &&
    one.roleDefinitionId === other.roleDefinitionId.toLowerCase() &&
    one.directoryScopeId.toLowerCase() === other.directoryScopeId.toLowerCase()
  );
}
