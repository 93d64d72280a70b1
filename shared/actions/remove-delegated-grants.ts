/**
 * Removes delegated permission grants of both consent types: whole, or narrowed to the scopes that stay. Tokens that were
 * issued under a grant live on to their end (oauth2permissiongrant-delete).
 */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import { apiPath } from "../ports/tenant.ts";
import { defineAction, type Reversal, type Snapshot } from "./action.ts";
import { directoryWrite } from "./directory-write.ts";
import { everyGrantRead, existsRead } from "./foothold-reads.ts";
import { goneSince, holdsPermissions, ownObjectId, pageOf, wholeList, withOtherEnd } from "./own-objects.ts";
import { servicePrincipalRead } from "./reads.ts";

const Wanted = z.strictObject({
  resourceId: Guid,
  scopes: z.union([z.literal("all"), z.array(z.string().min(1)).min(1)]),
  /** null: of either */
  consentType: z.enum(["AllPrincipals", "Principal"]).nullable(),
  /** the user who consented; null: whoever did */
  principalId: Guid.nullable(),
});
type Wanted = z.infer<typeof Wanted>;

const Parameters = z.strictObject({ grants: z.union([z.literal("all"), z.array(Wanted).min(1)]) });
type Parameters = z.infer<typeof Parameters>;

const nullable = <T extends z.ZodType>(Shape: T) => Shape.nullish().transform((value) => value ?? null);

const Grant = z.object({
  id: z.string(),
  clientId: Guid,
  resourceId: Guid,
  consentType: z.string(),
  principalId: nullable(Guid),
  scope: nullable(z.string()),
});
type Grant = z.infer<typeof Grant>;

const Page = pageOf(Grant);

/** `scope`: exactly as it was; `left`: what we left of it, null where the whole grant went */
const Removed = z.object({
  ...Grant.shape,
  principalId: Guid.nullable(),
  scope: z.string().nullable(),
  left: z.string().nullable(),
});
type Removed = z.infer<typeof Removed>;

function held(snapshot: Snapshot): readonly Grant[] {
  const victim = ownObjectId("servicePrincipal", snapshot);
  if (victim === null) return [];
  return wholeList(Page, snapshot, everyGrantRead(snapshot.identity)).filter(({ clientId }) => clientId === victim);
}

/** Entra writes them with stray blanks, and compares them without regard to case. */
function scopesOf(scope: string | null): readonly string[] {
  return (scope ?? "").split(" ").filter((one) => one !== "");
}

function isAbout(wanted: Wanted, grant: Grant): boolean {
  return (
    wanted.resourceId === grant.resourceId &&
    (wanted.consentType === null || wanted.consentType === grant.consentType) &&
    (wanted.principalId === null || wanted.principalId === grant.principalId)
  );
}

/** What becomes of it: null when it stays as it is. */
function removalFrom(grant: Grant, grants: Parameters["grants"]): Removed | null {
  const wishes =
    grants === "all" ? ["all" as const] : grants.filter((one) => isAbout(one, grant)).map((one) => one.scopes);
  if (wishes.includes("all")) return { ...grant, left: null };
  const named = new Set(wishes.flat().map((scope) => scope.toLowerCase()));
  const scopes = scopesOf(grant.scope);
  const staying = scopes.filter((scope) => !named.has(scope.toLowerCase()));
  if (staying.length === scopes.length) return null;
  return { ...grant, left: staying.length === 0 ? null : staying.join(" ") };
}

function going({ grants }: Parameters, snapshot: Snapshot): Removed[] {
  return held(snapshot).flatMap((grant) => removalFrom(grant, grants) ?? []);
}

export const removeDelegatedGrants = defineAction({
  id: "remove-delegated-grants",
  summary: "Removes delegated permissions granted to the service principal, all of them or exactly the given scopes.",
  parameters: Parameters,
  receipt: z.object({ servicePrincipalId: z.string(), removed: z.array(Removed) }),
  impact: () => "reversible",
  appliesTo: holdsPermissions,
  permissions: () => ["DelegatedPermissionGrant.ReadWrite.All"],
  reads: (_parameters, { identity }) => [servicePrincipalRead(identity), everyGrantRead(identity)],
  isInPlace: (parameters, snapshot) => going(parameters, snapshot).length === 0,
  keep: (parameters, snapshot) => ({
    servicePrincipalId: ownObjectId("servicePrincipal", snapshot) ?? "",
    removed: going(parameters, snapshot),
  }),
  requests: (parameters, snapshot) =>
    going(parameters, snapshot).map(({ id, left }) => {
      const path = apiPath`/oauth2PermissionGrants/${id}`;
      return left === null ? directoryWrite("DELETE", path) : directoryWrite("PATCH", path, { scope: left });
    }),
  touches: (parameters, snapshot) => going(parameters, snapshot).map(({ id }) => id),
  revertReads: ({ removed }, { identity }) => [
    servicePrincipalRead(identity),
    everyGrantRead(identity),
    ...resourcesOf(removed).map((id) => existsRead("servicePrincipals", id)),
  ],
  revert({ servicePrincipalId, removed }, snapshot) {
    const gone = goneSince("servicePrincipal", servicePrincipalId, snapshot);
    if (gone !== null) return { conflict: gone };
    const resource = ({ resourceId }: Removed) => ({ collection: "servicePrincipals" as const, id: resourceId });
    const ends = withOtherEnd(removed, resource, snapshot);
    if ("conflict" in ends) return ends;
    const { returning, missing } = ends;
    const now = held(snapshot);
    const each = returning.map((grant) => restoring(grant, now.find((one) => isSameGrant(one, grant)) ?? null));
    const conflict = each.find((one) => "conflict" in one);
    return conflict ?? { requests: each.flatMap((one) => ("requests" in one ? one.requests : [])), missing };
  },
  lost: ({ removed }) =>
    removed.filter(({ left }) => left === null).map(({ id }) => `the id of delegated permission grant ${id}`),
});

function resourcesOf(removed: readonly Removed[]): readonly string[] {
  return [...new Set(removed.map(({ resourceId }) => resourceId))];
}

/** Graph keeps one grant for each client, resource, consent type and user. */
function isSameGrant(a: Grant, b: Removed): boolean {
  return a.resourceId === b.resourceId && a.consentType === b.consentType && a.principalId === b.principalId;
}

function restoring(was: Removed, now: Grant | null): Reversal {
  if (now === null) {
    if (was.left !== null) return { conflict: `grant ${was.id} was removed since` };
    const { clientId, resourceId, consentType, principalId, scope } = was;
    const body = { clientId, consentType, resourceId, scope, ...(principalId === null ? {} : { principalId }) };
    return { requests: [directoryWrite("POST", "/oauth2PermissionGrants", body)] };
  }
  if (isSameScope(now.scope, was.scope)) return { requests: [] };
  if (was.left !== null && isSameScope(now.scope, was.left)) {
    return { requests: [directoryWrite("PATCH", apiPath`/oauth2PermissionGrants/${now.id}`, { scope: was.scope })] };
  }
  return { conflict: `grant ${now.id} to resource ${now.resourceId} holds other scopes since` };
}

function isSameScope(a: string | null, b: string | null): boolean {
  const sorted = (scope: string | null) => [...new Set(scopesOf(scope?.toLowerCase() ?? null))].sort().join(" ");
  return sorted(a) === sorted(b);
}
