/** Agents: a blueprint with its principal, the agent identities made from it, and the user account of one. */
import { type ApplicationSeed, addApplication, type BuiltApplication, draftPrincipal } from "./builders.ts";
import { type BuiltIdentity, type IdentitySeed, place } from "./identity-seeds.ts";
import { dayMs, isoSeconds } from "./time.ts";
import type { World } from "./world.ts";

/** The blueprint application, which carries the credentials, with its principal here. */
export function addAgentBlueprint(world: World, seed: ApplicationSeed = {}): BuiltApplication {
  const type = (name: string) => ({ "@odata.type": `#microsoft.graph.${name}` });
  const principal = { ...type("agentIdentityBlueprintPrincipal"), servicePrincipalType: "ServiceIdentity" } as const;
  return addApplication(world, seed, type("agentIdentityBlueprint"), principal);
}

export interface AgentSeed extends Omit<IdentitySeed, "appId" | "servicePrincipalPasswords" | "servicePrincipalKeys"> {
  /** appId of its blueprint */
  readonly blueprintAppId: string;
}

/** An agent identity: a service principal without application and credentials, whose appId is its object id. */
export function addAgent(world: World, seed: AgentSeed): BuiltIdentity {
  const id = (seed.id ?? world.random.guid()).toLowerCase();
  const draft = {
    ...draftPrincipal(world, { ...seed, id, appId: id }),
    "@odata.type": "#microsoft.graph.agentIdentity",
    agentIdentityBlueprintId: seed.blueprintAppId,
    createdDateTime: isoSeconds(world.now() - 60 * dayMs),
    servicePrincipalType: "ServiceIdentity",
  } as const;
  return place(world, draft, { ...seed, id, appId: id });
}

/** The user account that belongs to an agent identity. */
export function addAgentUser(world: World, agentId: string, userPrincipalName = "agent@contoso.example"): string {
  const id = world.random.guid();
  const createdDateTime = isoSeconds(world.now() - 60 * dayMs);
  const always = { accountEnabled: true, createdDateTime, deletedDateTime: null };
  world.directory.users.seed({
    id,
    "@odata.type": "#microsoft.graph.agentUser",
    ...always,
    displayName: userPrincipalName.split("@")[0] ?? "",
    userPrincipalName,
    identityParentId: agentId,
  });
  return id;
}
