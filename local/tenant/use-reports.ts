/**
 * The two beta reports on last use: one row per appId, and one per credential, as they were some time ago. No row is no data.
 * Sources: "List servicePrincipalSignInActivities", "List appCredentialSignInActivities" (Graph beta), and Entra's log latencies.
 */
import { type Call, denied, failure, type Handler, type Reply } from "./call.ts";
import { type Listed, list } from "./odata.ts";
import { holds } from "./permissions.ts";
import type { CredentialAbout } from "./report-weather.ts";
import { type Activity, latestUse, type Use, type UseBook, type Used } from "./use-book.ts";
import type { World } from "./world.ts";

function horizonOf(world: World): number {
  const lagging = world.now() - world.settings.reportLagMs;
  return Math.min(lagging, world.reports.frozenAt ?? Number.POSITIVE_INFINITY);
}

/** An even share of the appIds, whichever there are (FNV-1a). */
function isMissing(appId: string, share: number): boolean {
  if (share <= 0) return false;
  let hash = 0x811c9dc5;
  for (const char of appId) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash / 2 ** 32 < share;
}

type Shown = { readonly id: string; readonly [key: string]: unknown };
type Latest = (...activities: Activity[]) => Use | null;

function signIn(use: Use | null): object | null {
  if (use === null) return null;
  const at = new Date(use.at).toISOString().replace(/\.000Z$/, "Z");
  return { lastSignInDateTime: at, lastSignInRequestId: use.requestId };
}

function shownPrincipal({ appId }: Used<null>, latest: Latest): Shown {
  return {
    id: Buffer.from(appId).toString("base64"),
    appId,
    lastSignInActivity: signIn(latest()),
    delegatedClientSignInActivity: signIn(latest("clientForUsers")),
    delegatedResourceSignInActivity: signIn(latest("resourceForUsers")),
    applicationAuthenticationClientSignInActivity: signIn(latest("client")),
    applicationAuthenticationResourceSignInActivity: signIn(latest("resource")),
  };
}

function shownCredential({ appId, about }: Used<CredentialAbout>, latest: Latest): Shown {
  const { origin, applicationId, servicePrincipalId, ...rest } = about;
  return {
    id: Buffer.from(`${about.keyId}|${origin}`).toString("base64"),
    appId,
    appObjectId: applicationId,
    credentialOrigin: origin,
    ...rest,
    resourceId: null,
    servicePrincipalObjectId: servicePrincipalId,
    signInActivity: signIn(latest()),
  };
}

/** The report as a list: rows whose every use is newer than what the report knows are not there. */
function view<T>(
  world: World,
  book: UseBook<T>,
  show: (row: Used<T>, latest: Latest) => Shown,
  appId: string | undefined,
): Listed<Shown> {
  const horizon = horizonOf(world);
  const { missingShare, countsRefused } = world.reports;
  function* scan(from = 0): Generator<readonly [number, Shown]> {
    for (const [ordinal, row] of book.rows(from, appId)) {
      if (isMissing(row.appId, missingShare) || !latestUse(row.uses, horizon, null, countsRefused)) continue;
      const latest: Latest = (...kinds) =>
        latestUse(row.uses, horizon, kinds.length === 0 ? null : kinds, countsRefused);
      yield [ordinal, show(row, latest)];
    }
  }
  return { scan, where: (test) => Array.from(scan(), ([, value]) => value).filter(test) };
}

function refusal(world: World, call: Call): Reply | null {
  if (world.reports.refused === "licence") {
    const message = "Neither tenant is B2C or tenant doesn't have premium license";
    return failure(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message);
  }
  // The machine-readable rows let Directory.Read.All suffice; whoever relies on that may be wrong, so the twin does not.
  const allowed = holds(call.roles, "AuditLog.Read.All") && world.reports.refused === null;
  return allowed ? null : denied();
}

/** The one appId a filter asks for, so that no other row is made. */
function askedFor(call: Call): string | undefined {
  return /^appId eq '([^']+)'$/i.exec(call.query.get("$filter") ?? "")?.[1]?.toLowerCase();
}

export const useReportHandlers = {
  listSignInActivities: (world, call) =>
    refusal(world, call) ??
    list(world, call, view(world, world.use.identities, shownPrincipal, askedFor(call)), {
      type: "microsoft.graph.servicePrincipalSignInActivity",
      filterable: ["id", "appId"],
    }),
  listCredentialActivities: (world, call) =>
    refusal(world, call) ??
    list(world, call, view(world, world.use.credentials, shownCredential, askedFor(call)), {
      type: "microsoft.graph.appCredentialSignInActivity",
      filterable: ["id", "appId", "keyId", "appObjectId", "servicePrincipalObjectId"],
    }),
} satisfies Record<string, Handler>;
