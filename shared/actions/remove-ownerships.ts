/**
 * Ends the identity's ownership of other applications and service principals: who owns one may add a credential to it and
 * come back as it.
 */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { apiPath } from "../ports/tenant.ts";
import { defineAction, type Snapshot } from "./action.ts";
import { directoryWrite, referenceTo } from "./directory-write.ts";
import { existsRead, ownedObjectsRead } from "./foothold-reads.ts";
import { goneSince, holdsPermissions, ownObjectId, pageOf, wholeList, withOtherEnd } from "./own-objects.ts";
import { servicePrincipalRead } from "./reads.ts";

const Page = pageOf(z.object({ id: Guid, "@odata.type": z.string() }));

const Owned = z.object({ collection: z.enum(["applications", "servicePrincipals"]), id: z.string() });
type Owned = z.infer<typeof Owned>;

/** Groups and other objects are nobody's way to sign in. */
const collections: Readonly<Record<string, Owned["collection"]>> = {
  "#microsoft.graph.application": "applications",
  "#microsoft.graph.agentIdentityBlueprint": "applications",
  "#microsoft.graph.servicePrincipal": "servicePrincipals",
  "#microsoft.graph.agentIdentity": "servicePrincipals",
  "#microsoft.graph.agentIdentityBlueprintPrincipal": "servicePrincipals",
};

/** Others' objects: who owns the identity's own two is another action's. */
function owned(snapshot: Snapshot): Owned[] {
  const victim = ownObjectId("servicePrincipal", snapshot);
  if (victim === null) return [];
  const own = [victim, snapshot.identity.applicationObjectId];
  return wholeList(Page, snapshot, ownedObjectsRead(snapshot.identity)).flatMap((object) => {
    const collection = collections[object["@odata.type"]];
    return collection === undefined || own.includes(object.id) ? [] : [{ collection, id: object.id }];
  });
}

const ownersPath = ({ collection, id }: Owned) => apiPath`/${collection}/${id}/owners`;

export const removeOwnerships = defineAction({
  id: "remove-ownerships",
  summary: "Ends the ownership that the service principal has of other applications and service principals.",
  parameters: z.strictObject({}),
  receipt: z.object({ servicePrincipalId: z.string(), removed: z.array(Owned) }),
  impact: () => "reversible",
  appliesTo: holdsPermissions,
  permissions: () => ["Application.ReadWrite.All", "Directory.Read.All"],
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity), ownedObjectsRead(identity)],
  isInPlace: (_parameters, snapshot) => owned(snapshot).length === 0,
  keep: (_parameters, snapshot) => ({
    servicePrincipalId: ownObjectId("servicePrincipal", snapshot) ?? "",
    removed: owned(snapshot),
  }),
  requests(_parameters, snapshot) {
    const victim = ownObjectId("servicePrincipal", snapshot);
    if (victim === null) return [];
    return owned(snapshot).map((one) => directoryWrite("DELETE", ownersPath(one) + apiPath`/${victim}/$ref`));
  },
  touches: (_parameters, snapshot) => owned(snapshot).map(({ id }) => id),
  revertReads: ({ removed }, { identity }) => [
    servicePrincipalRead(identity),
    ownedObjectsRead(identity),
    ...removed.map(({ collection, id }) => existsRead(collection, id)),
  ],
  revert({ servicePrincipalId, removed }, snapshot) {
    const conflict = goneSince("servicePrincipal", servicePrincipalId, snapshot);
    if (conflict !== null) return { conflict };
    const there = new Set(owned(snapshot).map(({ id }) => id));
    const ends = withOtherEnd(removed, (one) => one, snapshot);
    if ("conflict" in ends) return ends;
    const { returning, missing } = ends;
    const requests = returning
      .filter(({ id }) => !there.has(id))
      .map((one) => directoryWrite("POST", `${ownersPath(one)}/$ref`, referenceTo(servicePrincipalId)));
    return { requests, missing };
  },
});
