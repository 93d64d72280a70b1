/** Groups and their direct members; `memberOf` lists directory roles and administrative units among them. */
import type { Group } from "./harness-directory-items.ts";
import {
  done,
  found,
  has,
  notFound,
  type Part,
  page,
  referred,
  refused,
  removeFrom,
} from "./harness-directory-types.ts";

export const groups: Part = (directory, { method, segments, body }) => {
  const [collection, id = "", navigation, memberId] = segments;
  if (collection === "servicePrincipals" && navigation === "memberOf") {
    if (!has(directory.servicePrincipals, id)) return notFound;
    return page(directory.groups.filter(({ members }) => members.includes(id)).map(shown));
  }
  if (collection !== "groups") return null;
  const group = directory.groups.find((one) => one.id === id && one.type === "group");
  if (navigation === undefined && method === "GET") return found(group && shown(group));
  if (group === undefined) return notFound;
  if (navigation !== "members") throw new Error(`not served: ${segments.join("/")}`);
  if (method === "DELETE") return removeFrom(group.members, (one) => one === memberId);
  if (group.members.includes(referred(body))) return refused;
  group.members.push(referred(body));
  return done;
};

function shown({ type, members, ...group }: Group) {
  return { "@odata.type": `#microsoft.graph.${type}`, ...group };
}
