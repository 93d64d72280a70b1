/** What still works after what was done, and until when: a function of kind and resource (entra-facts §3, §7). Worst case. */
import type { IdentityKind } from "../domain/identity.ts";

export interface ResidualAccess {
  readonly where: string;
  /** ISO 8601 UTC */
  readonly until: string;
  readonly why: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Non-CAE tokens live 60–90 minutes; a CAE one for Microsoft Graph is cut within 15 minutes of the disable. */
const plainTokenMs = 90 * minuteMs;
const managedIdentityMs = 24 * hourMs;
/** Removing a credential raises no revocation event: a CAE token for Graph may live 20–28 hours. */
const longLivedMs = 28 * hourMs;

/** What a disable leaves open. Never "revoked": only what was raised, and what it covers. */
export function afterDisable(kind: IdentityKind, disabledAt: number): readonly ResidualAccess[] {
  const until = (ms: number) => new Date(disabledAt + ms).toISOString();
  if (kind === "managed-identity") {
    return [
      {
        where: "every resource",
        until: until(managedIdentityMs),
        why: "managed identity tokens are cached for 24 hours",
      },
    ];
  }
  const covered =
    kind === "home-single-tenant"
      ? "the disable raised a revocation event for Microsoft Graph, which ends only tokens of clients that opted in to CAE, within 15 minutes; others live up to 90 minutes"
      : "no revocation event covers this kind of identity; tokens live up to 90 minutes";
  return [
    { where: "Microsoft Graph", until: until(plainTokenMs), why: covered },
    {
      where: "all other resources",
      until: until(plainTokenMs),
      why: "they do not listen to revocation events of service principals",
    },
  ];
}

/** What removing credentials alone leaves open. */
export function afterRemoval(removedAt: number): readonly ResidualAccess[] {
  const until = new Date(removedAt + longLivedMs).toISOString();
  return [
    {
      where: "Microsoft Graph",
      until,
      why: "removing a credential raises no revocation event, and a token may live 28 hours",
    },
  ];
}
