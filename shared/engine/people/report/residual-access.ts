/** What still works after what was done, and until when: a function of action, kind and resource (entra-facts §3, §7). Worst case. */
import type { IdentityKind } from "../../../domain/identity.ts";

export interface ResidualAccess {
  readonly where: string;
  /** ISO 8601 UTC */
  readonly until: string;
  readonly why: string;
}

/** A change that holds, ours or found so. */
export interface Change {
  readonly action: string;
  /** epoch ms */
  readonly at: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Non-CAE tokens live 60–90 minutes; a CAE one for Microsoft Graph is cut within 15 minutes of the event. */
const plainTokenMs = 90 * minuteMs;
const managedIdentityMs = 24 * hourMs;
/** Removing a credential raises no revocation event: a CAE token for Graph may live 20–28 hours. */
const longLivedMs = 28 * hourMs;
/** Azure looks at role assignments when a request comes, and keeps what it found for some minutes. */
const azureCacheMs = 10 * minuteMs;

/** No new token in this tenant from then on. */
const stopsTokens = new Set([
  "disable-service-principal",
  "disable-agent",
  "delete-service-principal",
  "delete-application",
]);

/** Never "revoked": only what was raised, and what it covers. Empty: nothing was done. */
export function residualAccess(kind: IdentityKind, changes: readonly Change[]): readonly ResidualAccess[] {
  const stop = changes.filter(({ action }) => stopsTokens.has(action)).map(({ at }) => at);
  const last = Math.max(...changes.map(({ at }) => at));
  if (changes.length === 0) return [];
  const tokens =
    kind === "managed-identity"
      ? [managedIdentity(last)]
      : stop.length > 0
        ? afterStop(kind, Math.min(...stop))
        : afterRemoval(last, has(changes, "confirm-compromised"));
  return [...tokens, ...azure(changes), ...otherTenants(kind, changes)];
}

function has(changes: readonly Change[], action: string): boolean {
  return changes.some((change) => change.action === action);
}

function until(from: number, ms: number): string {
  return new Date(from + ms).toISOString();
}

function managedIdentity(at: number): ResidualAccess {
  const why = "managed identity tokens are cached for 24 hours and nobody can make them end sooner";
  return { where: "every resource", until: until(at, managedIdentityMs), why };
}

function afterStop(kind: IdentityKind, at: number): readonly ResidualAccess[] {
  const covered =
    kind === "home-single-tenant"
      ? "the disable raised a revocation event for Microsoft Graph, which ends only tokens of clients that opted in to CAE, within 15 minutes; others live up to 90 minutes"
      : "no revocation event covers this kind of identity; tokens live up to 90 minutes";
  const elsewhere = "they do not listen to revocation events of service principals";
  return [
    { where: "Microsoft Graph", until: until(at, plainTokenMs), why: covered },
    { where: "all other resources", until: until(at, plainTokenMs), why: elsewhere },
  ];
}

/** Tokens say what they permit, so what was removed goes on in those that were issued. */
function afterRemoval(at: number, isConfirmed: boolean): readonly ResidualAccess[] {
  const removal =
    "removing a credential, permission or role raises no revocation event, and a token for clients that opted in to CAE may live 28 hours";
  const confirmed =
    "; the confirmed risk makes Entra look again at single-tenant clients that opted in to CAE, and without a policy that blocks them they get new tokens";
  const why = isConfirmed ? removal + confirmed : removal;
  return [
    { where: "Microsoft Graph", until: until(at, longLivedMs), why },
    {
      where: "all other resources",
      until: until(at, plainTokenMs),
      why: "tokens that were issued live up to 90 minutes",
    },
  ];
}

function azure(changes: readonly Change[]): readonly ResidualAccess[] {
  const at = changes.filter(({ action }) => action === "remove-azure-roles").map((change) => change.at);
  if (at.length === 0) return [];
  const why = "Azure asks for the role assignment at every request, so a token without one is worth nothing there";
  return [{ where: "Azure resources of the removed roles", until: until(Math.max(...at), azureCacheMs), why }];
}

/** What this tenant switches off is its own service principal. */
function otherTenants(kind: IdentityKind, changes: readonly Change[]): readonly ResidualAccess[] {
  const at = changes.filter(({ action }) => action === "deactivate-application").map((change) => change.at);
  if (kind !== "home-multi-tenant" || at.length === 0) return [];
  const why = "deactivating the application raises no revocation event; its tokens live to their end";
  return [{ where: "other tenants that use the application", until: until(Math.max(...at), longLivedMs), why }];
}
