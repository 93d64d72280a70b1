/** What a tenant can be furnished with before anything happens in it, as methods of the twin. */
import { addSubscription, type SubscriptionSeed } from "../azure/azure-builders.ts";
import { type AgentSeed, addAgent, addAgentBlueprint, addAgentUser } from "./agent-builders.ts";
import * as builders from "./builders.ts";
import { addMany, type ManyBuilt, type ManySeed } from "./many.ts";
import { addNamedLocation, type NamedLocationSeed } from "./named-locations.ts";
import { addGroup, addUser, type GroupSeed } from "./people-builders.ts";
import { type RoleSeed, seedRole } from "./role-seeds.ts";
import { type SigningSet, type SigningSetSeed, seedSigningSet } from "./signing-sets.ts";
import type { World } from "./world.ts";

export interface TwinBuilders {
  addApplication(seed?: builders.ApplicationSeed): builders.BuiltApplication;
  /** what signs a service principal's SAML tokens, as if it had been there for long */
  addSigningSet(servicePrincipalId: string, seed?: SigningSetSeed): SigningSet;
  addForeign(seed?: Parameters<typeof builders.addForeign>[1]): builders.BuiltIdentity;
  /** registered in another tenant, without a service principal here */
  addForeignApplication(
    seed?: Parameters<typeof builders.addForeignApplication>[1],
  ): ReturnType<typeof builders.addForeignApplication>;
  /** a directory role as if it had been given long ago */
  addRole(seed: RoleSeed): void;
  /** @returns its id */
  addSubscription(seed?: SubscriptionSeed): string;
  addManagedIdentity(seed?: Parameters<typeof builders.addManagedIdentity>[1]): builders.BuiltIdentity;
  addFirstParty(seed?: Parameters<typeof builders.addFirstParty>[1]): builders.BuiltIdentity;
  addExchangeOnline(): builders.BuiltIdentity;
  addLegacy(seed?: builders.IdentitySeed): builders.BuiltIdentity;
  addAgentBlueprint(seed?: builders.ApplicationSeed): builders.BuiltApplication;
  addAgent(seed: AgentSeed): builders.BuiltIdentity;
  /** @returns its object id */
  addAgentUser(agentId: string, userPrincipalName?: string): string;
  /** @returns its object id */
  addUser(seed?: Parameters<typeof addUser>[1]): string;
  /** @returns its object id */
  addGroup(seed?: GroupSeed): string;
  /** @returns its id */
  addNamedLocation(seed?: NamedLocationSeed): string;
  /** a big tenant at once */
  addMany(seed: ManySeed): ManyBuilt;
}

export function createBuilders(world: World): TwinBuilders {
  return {
    addApplication: (seed) => builders.addApplication(world, seed),
    addForeign: (seed) => builders.addForeign(world, seed),
    addForeignApplication: (seed) => builders.addForeignApplication(world, seed),
    addSigningSet: (id, seed) => seedSigningSet(world, id, seed),
    addRole: (seed) => seedRole(world, seed),
    addSubscription: (seed) => addSubscription(world, seed),
    addManagedIdentity: (seed) => builders.addManagedIdentity(world, seed),
    addFirstParty: (seed) => builders.addFirstParty(world, seed),
    addExchangeOnline: () => builders.addExchangeOnline(world),
    addLegacy: (seed) => builders.addLegacy(world, seed),
    addAgentBlueprint: (seed) => addAgentBlueprint(world, seed),
    addAgent: (seed) => addAgent(world, seed),
    addAgentUser: (agentId, name) => addAgentUser(world, agentId, name),
    addUser: (seed) => addUser(world, seed),
    addGroup: (seed) => addGroup(world, seed),
    addMany: (seed) => addMany(world, seed),
    addNamedLocation: (seed = { ranges: ["192.0.2.0/24"] }) => addNamedLocation(world, seed).id,
  };
}
