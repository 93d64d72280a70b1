/** May the caller's token do this? Agent objects ask for permissions of their own, which the general ones do not include. */
import type { Call } from "./call.ts";
import type { Operation } from "./description.ts";
import { holds, suffices } from "./permissions.ts";
import type { Application, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

type AgentType = "agentIdentity" | "agentIdentityBlueprint" | "agentIdentityBlueprintPrincipal";

/** Which kind of agent object this is; null for any other object. */
export function agentTypeOf(object: { readonly "@odata.type"?: string } | undefined): AgentType | null {
  const found = /^#microsoft\.graph\.(agentIdentity(?:BlueprintPrincipal|Blueprint)?)$/.exec(
    object?.["@odata.type"] ?? "",
  );
  return (found?.[1] as AgentType | undefined) ?? null;
}

/** The object a path names first, as it is now. */
function named(world: World, call: Call): Application | ServicePrincipal | undefined {
  const { applications, servicePrincipals, deleted, applicationByAppId, servicePrincipalByAppId } = world.directory;
  const { params } = call;
  const id = (params["servicePrincipal-id"] ?? params["application-id"] ?? "").toLowerCase();
  const appId = (params.appId ?? "").toLowerCase();
  if (call.path.startsWith("/applications")) return applications.latest(applicationByAppId.get(appId) ?? id);
  if (call.path.startsWith("/servicePrincipals"))
    return servicePrincipals.latest(servicePrincipalByAppId.get(appId) ?? id);
  return deleted.latest((params["directoryObject-id"] ?? "").toLowerCase());
}

const families: Readonly<Record<AgentType, string>> = {
  agentIdentity: "AgentIdentity",
  agentIdentityBlueprint: "AgentIdentityBlueprint",
  agentIdentityBlueprintPrincipal: "AgentIdentityBlueprintPrincipal",
};

/** The permissions reference's own names for what is done to agents; null where the general rule stands. */
function agentDeed(call: Call): string | null {
  if (/\/(addPassword|removePassword|federatedIdentityCredentials(\/[^/]+)?)$/.test(call.path)) return "AddRemoveCreds";
  if (call.path.endsWith("/restore") || (call.method === "DELETE" && call.path.split("/").length <= 4))
    return "DeleteRestore";
  if (call.method !== "PATCH") return null;
  const body = call.body as Readonly<Record<string, unknown>> | undefined;
  return body && "keyCredentials" in body ? "AddRemoveCreds" : "EnableDisable";
}

function owns(world: World, call: Call, object: { readonly id: string } | undefined): boolean {
  if (!object) return true;
  const caller = call.actor.kind === "app" ? call.actor.servicePrincipalId : call.actor.id;
  return world.directory.ownerships.latest(`${object.id}/${caller}`) !== undefined;
}

/** @returns false where Graph answers 403 Authorization_RequestDenied */
export function authorized(world: World, call: Call, operation: Operation): boolean {
  if (call.roles === undefined) return true;
  const object = named(world, call);
  const agent = call.method === "GET" ? null : agentTypeOf(object);
  const deed = agent && agentDeed(call);
  if (!agent || !deed) return suffices(call.roles, operation, () => owns(world, call, object));
  return holds(call.roles, `${families[agent]}.${deed}.All`, `${families[agent]}.ReadWrite.All`);
}
