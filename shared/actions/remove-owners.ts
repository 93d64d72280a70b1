/**
 * Removes owners of the identity's own objects: an owner may add credentials and switch it on again. Agents' owners have an
 * address and a permission of their own, and managed identities have no owners.
 */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { apiPath } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import { directoryWrite, referenceTo } from "./directory-write.ts";
import { type OwnObject, ownersRead, ownObjectRead } from "./foothold-reads.ts";
import { goneSince, ownObjectId, pageOf, wholeList } from "./own-objects.ts";

const Parameters = z.strictObject({
  object: z.enum(["servicePrincipal", "application"]),
  /** the object as the evidence names it; null: whichever the identity has */
  objectId: Guid.nullable(),
  owners: z.union([z.literal("all"), z.array(Guid).min(1)]),
});
type Parameters = z.infer<typeof Parameters>;

const Page = pageOf(z.object({ id: Guid }));

function owners(object: OwnObject, snapshot: Snapshot): string[] {
  return wholeList(Page, snapshot, ownersRead(object, snapshot.identity)).map(({ id }) => id);
}

/** Null: the object is not there, or it is not the one that the evidence names. */
function find(parameters: Parameters, snapshot: Snapshot): { objectId: string; going: string[] } | null {
  const objectId = ownObjectId(parameters.object, snapshot);
  if (objectId === null || (parameters.objectId !== null && parameters.objectId !== objectId)) return null;
  const wanted = parameters.owners;
  const going = owners(parameters.object, snapshot).filter((id) => wanted === "all" || wanted.includes(id));
  return { objectId, going };
}

function ownersPath(object: OwnObject, id: string): string {
  return object === "application" ? apiPath`/applications/${id}/owners` : apiPath`/servicePrincipals/${id}/owners`;
}

export const removeOwners = defineAction({
  id: "remove-owners",
  summary: "Removes owners of the service principal or of the application, all of them or exactly the given ones.",
  parameters: Parameters,
  receipt: z.object({
    object: z.enum(["servicePrincipal", "application"]),
    objectId: z.string(),
    removed: z.array(z.string()),
  }),
  impact: () => "reversible",
  appliesTo: (kind) =>
    kind === "home-single-tenant" || kind === "home-multi-tenant" || kind === "foreign" || kind === "legacy",
  /** Directory.Read.All is what adding an owner again asks for besides. */
  permissions: () => ["Application.ReadWrite.All", "Directory.Read.All"],
  reads: ({ object }, { identity }) => [ownObjectRead(object, identity), ownersRead(object, identity)],
  reachesOtherTenants: ({ object }) => object === "application",
  isInPlace: (parameters, snapshot) => (find(parameters, snapshot)?.going.length ?? 0) === 0,
  keep(parameters, snapshot) {
    const found = find(parameters, snapshot);
    return { object: parameters.object, objectId: found?.objectId ?? "", removed: found?.going ?? [] };
  },
  requests(parameters, snapshot) {
    const found = find(parameters, snapshot);
    if (found === null) return [];
    const path = ownersPath(parameters.object, found.objectId);
    return found.going.map((id) => directoryWrite("DELETE", path + apiPath`/${id}/$ref`));
  },
  touches: (parameters, snapshot) => find(parameters, snapshot)?.going ?? [],
  revertReads: ({ object }, { identity }) => [ownObjectRead(object, identity), ownersRead(object, identity)],
  revert({ object, objectId, removed }, snapshot) {
    const conflict = goneSince(object, objectId, snapshot);
    if (conflict !== null) return { conflict };
    const there = new Set(owners(object, snapshot));
    const missing = removed.filter((id) => !there.has(id));
    const path = `${ownersPath(object, objectId)}/$ref`;
    return { requests: missing.map((id) => directoryWrite("POST", path, referenceTo(id))) };
  },
});
