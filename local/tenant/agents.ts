/** Agent identities, their blueprints and blueprint principals, by their type casts. */
import { agentTypeOf } from "./authorization.ts";
import { addressed, type Call, denied, type Handler, notFound, type Reply } from "./call.ts";
import { shownKeys } from "./credentials.ts";
import { list, single } from "./odata.ts";
import { holds } from "./permissions.ts";
import { servicePrincipalHandlers, servicePrincipalRules, shownPrincipal } from "./service-principals.ts";
import type { World } from "./world.ts";

const identityType = "microsoft.graph.agentIdentity";

function listPrincipals(kind: "agentIdentity" | "agentIdentityBlueprintPrincipal"): Handler {
  return (world, call) =>
    list(
      world,
      call,
      world.directory.servicePrincipals,
      {
        ...servicePrincipalRules,
        type: `microsoft.graph.${kind}`,
        filterable: [...servicePrincipalRules.filterable, "agentIdentityBlueprintId", "createdDateTime"],
        shown: shownPrincipal(call),
      },
      (one) => agentTypeOf(one) === kind,
    );
}

function listBlueprints(world: World, call: Call): Reply {
  return list(
    world,
    call,
    world.directory.applications,
    {
      type: "microsoft.graph.agentIdentityBlueprint",
      filterable: ["id", "appId", "displayName"],
      directoryObject: true,
      shown: (one) => shownKeys(one, false),
    },
    (one) => agentTypeOf(one) === "agentIdentityBlueprint",
  );
}

/** Runs only on agent identities; the cast of any other object is 404. */
function onAgent(act: Handler): Handler {
  return (world, call) => {
    const { id = "" } = addressed(call);
    const found = world.directory.servicePrincipals.visible(id.toLowerCase());
    return agentTypeOf(found) === "agentIdentity" ? act(world, call) : notFound(id);
  };
}

function get(world: World, call: Call): Reply {
  if (!holds(call.roles, "AgentIdentity.Read.All", "AgentIdentity.ReadWrite.All", "Application.Read.All")) {
    if (!holds(call.roles, "Application.ReadWrite.All", "Directory.Read.All")) return denied();
  }
  const found = world.directory.servicePrincipals.visible((addressed(call).id ?? "").toLowerCase());
  return found ? single(world, call, shownPrincipal(call)(found), identityType) : notFound(addressed(call).id ?? "");
}

export const agentHandlers = {
  listIdentities: listPrincipals("agentIdentity"),
  listBlueprintPrincipals: listPrincipals("agentIdentityBlueprintPrincipal"),
  listBlueprints,
  getIdentity: onAgent(get),
  patchIdentity: onAgent(servicePrincipalHandlers.patch),
} satisfies Record<string, Handler>;
