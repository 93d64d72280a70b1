/** Objects that come and go: created, deleted into the bin and restored from it; agents under their type; risk that is answered. */
import {
  type Carrier,
  type Directory,
  done,
  found,
  newId,
  notFound,
  type Part,
  type Reply,
  refused,
} from "./harness-directory-types.ts";

const types = {
  applications: "#microsoft.graph.application",
  servicePrincipals: "#microsoft.graph.servicePrincipal",
} as const;

export const lifecycle: Part = (directory, { method, segments, body }) => {
  const [collection, second, third, fourth] = segments;
  if (collection === "directory" && second === "deletedItems" && fourth === "restore") return restore(directory, third);
  if (collection !== "applications" && collection !== "servicePrincipals") return null;
  if (method === "POST" && second === undefined) return create(directory, body);
  if (method === "DELETE" && third === undefined) return remove(directory, collection, second);
  const isAgent = method === "PATCH" && third === "microsoft.graph.agentIdentity";
  if (!isAgent) return null;
  const agent = directory.servicePrincipals.find(({ id }) => id === second);
  if (agent === undefined) return notFound;
  Object.assign(agent, structuredClone(body));
  return done;
};

/** `directoryObjects/{id}`: whatever it is. */
export const anyObject: Part = (directory, { method, segments: [collection, id] }) => {
  if (collection !== "directoryObjects" || method !== "GET") return null;
  const { applications, groups, servicePrincipals, users } = directory;
  return found([...users, ...groups, ...servicePrincipals, ...applications].find((one) => one.id === id));
};

function create(directory: Directory, body: Readonly<Record<string, unknown>>): Reply {
  if (directory.servicePrincipals.some(({ appId }) => appId === body.appId)) return { ...refused, status: 409 };
  const none = { passwordCredentials: [], keyCredentials: [] };
  directory.servicePrincipals.push({
    ...none,
    ...structuredClone(body),
    id: newId(directory),
    appId: String(body.appId),
  });
  return { status: 201 };
}

/** An application takes its service principal here along. */
function remove(directory: Directory, collection: keyof typeof types, id: string | undefined): Reply {
  const gone = directory[collection].find((one) => one.id === id);
  if (gone === undefined) return notFound;
  directory[collection] = directory[collection].filter((one) => one !== gone);
  directory.deletedItems.push({ ...gone, "@odata.type": types[collection] });
  // for good: who was assigned to it, and what was granted on it; what it holds itself goes by steps of its own before that
  directory.appRoleAssignments = directory.appRoleAssignments.filter(({ resourceId }) => resourceId !== id);
  directory.grants = directory.grants.filter(({ resourceId }) => resourceId !== id);
  const own = directory.servicePrincipals.find(({ appId }) => appId === gone.appId);
  if (collection === "applications" && own !== undefined) remove(directory, "servicePrincipals", own.id);
  return done;
}

function restore(directory: Directory, id: string | undefined): Reply {
  const item = directory.deletedItems.find((one) => one.id === id);
  if (item === undefined) return notFound;
  const { "@odata.type": type, ...object } = item;
  directory.deletedItems = directory.deletedItems.filter((one) => one !== item);
  directory[type === types.applications ? "applications" : "servicePrincipals"].push(object as Carrier);
  return { status: 200, body: item };
}

/** Dismissals, and agents: their risk is kept with everybody's. */
export const answeredRisk: Part = (directory, { method, segments, body }) => {
  const [first, second, third] = segments;
  if (first !== "identityProtection") return null;
  if (second === "riskyAgents" && method === "GET") return found(directory.risky.find(({ id }) => id === third));
  if (third === "dismiss") return answer(directory, body.servicePrincipalIds, "dismissed", "none");
  const isAgents = second === "riskyAgents" && third === "confirmCompromised";
  return isAgents ? answer(directory, body.agentIds, "confirmedCompromised", "high") : null;
};

function answer(directory: Directory, ids: unknown, riskState: string, riskLevel: string): Reply {
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > 60) return refused;
  const others = directory.risky.filter(({ id }) => !ids.includes(id));
  directory.risky = [...others, ...ids.map((id: string) => ({ id, riskState, riskLevel }))];
  return done;
}
