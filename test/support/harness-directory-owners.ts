/** Who owns which application or service principal, seen from both ends. */
import type { Ownership } from "./harness-directory-items.ts";
import {
  type Directory,
  done,
  has,
  notFound,
  type Part,
  page,
  referred,
  refused,
  removeFrom,
} from "./harness-directory-types.ts";

export const owners: Part = (directory, { method, segments, body }) => {
  const [collection = "", id = "", navigation, ownerId] = segments;
  const all = directory.ownerships;
  if (collection === "servicePrincipals" && navigation === "ownedObjects") {
    if (!has(directory.servicePrincipals, id)) return notFound;
    return page(
      all.filter((one) => one.ownerId === id).map((one) => ({ "@odata.type": typeOf(one), id: one.objectId })),
    );
  }
  if (navigation !== "owners" || (collection !== "applications" && collection !== "servicePrincipals")) return null;
  if (!has(directory[collection], id)) return notFound;
  const own = all.filter((one) => one.objectId === id);
  if (method === "GET") return page(own.map((one) => ({ "@odata.type": ownerType(directory, one), id: one.ownerId })));
  if (method === "DELETE") return removeFrom(all, (one) => one.objectId === id && one.ownerId === ownerId);
  if (own.some((one) => one.ownerId === referred(body))) return refused;
  all.push({ collection, objectId: id, ownerId: referred(body) });
  return done;
};

function typeOf({ collection }: Ownership): string {
  return `#microsoft.graph.${collection.slice(0, -1)}`;
}

function ownerType({ servicePrincipals }: Directory, { ownerId }: Ownership): string {
  return has(servicePrincipals, ownerId) ? "#microsoft.graph.servicePrincipal" : "#microsoft.graph.user";
}
