/**
 * A big tenant at once: identities that differ in what a scan looks at, and in nothing else. The same numbers make the same tenant;
 * ids are counted, so that nothing is drawn or hashed a million times.
 */
import { graphAppId } from "./identity-seeds.ts";
import { noteCredential, noteUse } from "./note-use.ts";
import { dayMs, isoSeconds } from "./time.ts";
import type { Application, PasswordCredential, ServicePrincipal } from "./types.ts";
import type { World } from "./world.ts";

export interface ManySeed {
  /** of every kind together: of home applications as far as there are any, one in ten of another tenant, one in twenty a managed identity */
  readonly servicePrincipals: number;
  /** what has no service principal left is registered only */
  readonly applications: number;
  /** share of the service principals that the reports have a row of; default 0.9 */
  readonly reported?: number;
  /** the last use of row n is as many days ago; default: from today to 499 days, evenly */
  readonly lastUsedDaysAgo?: (n: number) => number;
  /** every how many-th holds an app role on Microsoft Graph; default 50 */
  readonly privilegedEvery?: number;
}

export interface ManyBuilt {
  /** appIds and object ids in the order of the service principals */
  readonly servicePrincipals: readonly { readonly id: string; readonly appId: string }[];
  readonly applications: number;
}

const none: readonly never[] = Object.freeze([]);
const noWeb = Object.freeze({ redirectUris: none });

/** `kind` in the third group, the number in the last; the first group spreads them as random ids are spread. */
function idOf(kind: string, n: number): string {
  const spread = (Math.imul(n + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
  return `${spread}-${kind}-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

type Kind = "home" | "foreign" | "managed";

function kindOf(n: number, seed: ManySeed): Kind {
  if (n % 20 === 19) return "managed";
  return n % 10 === 8 || n >= seed.applications ? "foreign" : "home";
}

function homeOf(world: World, kind: Kind): Pick<ServicePrincipal, "appOwnerOrganizationId" | "signInAudience"> {
  if (kind === "managed") return { appOwnerOrganizationId: null, signInAudience: null };
  if (kind === "foreign") return { appOwnerOrganizationId: idOf("fade", 0), signInAudience: "AzureADMultipleOrgs" };
  return { appOwnerOrganizationId: world.settings.tenantId, signInAudience: "AzureADMyOrg" };
}

function principalOf(world: World, n: number, kind: Kind): ServicePrincipal {
  const appId = idOf("a991", n);
  return {
    id: idOf("5910", n),
    appId,
    displayName: `workload-${n}`,
    appDisplayName: null,
    accountEnabled: true,
    alternativeNames: none,
    ...homeOf(world, kind),
    appRoleAssignmentRequired: false,
    appRoles: none,
    customSecurityAttributes: null,
    deletedDateTime: null,
    disabledByMicrosoftStatus: null,
    isDisabled: null,
    keyCredentials: none,
    loginUrl: null,
    passwordCredentials: none,
    preferredSingleSignOnMode: null,
    replyUrls: none,
    servicePrincipalNames: none,
    servicePrincipalType: kind === "managed" ? "ManagedIdentity" : "Application",
    tags: none,
    verifiedPublisher: null,
  };
}

interface Dates {
  readonly created: string;
  readonly ends: string;
}

function applicationOf(n: number, { created, ends }: Dates): Application {
  const password: PasswordCredential = {
    customKeyIdentifier: null,
    displayName: null,
    endDateTime: ends,
    hint: null,
    keyId: idOf("4e10", n),
    secretText: null,
    startDateTime: created,
  };
  return {
    id: idOf("0b1e", n),
    appId: idOf("a991", n),
    displayName: `workload-${n}`,
    createdDateTime: created,
    deletedDateTime: null,
    isDisabled: null,
    keyCredentials: none,
    passwordCredentials: [password],
    publisherDomain: "contoso.example",
    signInAudience: "AzureADMyOrg",
    tags: none,
    verifiedPublisher: null,
    web: noWeb,
  };
}

/** Evenly spread over the share, whatever the number is. */
function within(n: number, share: number): boolean {
  return Math.floor((n + 1) * share) > Math.floor(n * share);
}

function seedRows(world: World, own: ServicePrincipal, application: Application | undefined, at: number): void {
  const use = { at, requestId: own.id, refused: false, seeded: true };
  noteUse(world, own.appId, "client", use);
  const [password] = application?.passwordCredentials ?? [];
  if (!application || !password) return;
  const where = { origin: "application", applicationId: application.id, servicePrincipalId: own.id } as const;
  noteCredential(world, own.appId, password, where, use);
}

function seedPrivilege(world: World, n: number, own: ServicePrincipal): void {
  const { servicePrincipals, servicePrincipalByAppId, assignments } = world.directory;
  const graph = servicePrincipals.latest(servicePrincipalByAppId.get(graphAppId) ?? "");
  const [role] = graph?.appRoles ?? [];
  if (!graph || !role) return;
  assignments.seed({
    id: `assignment-${n}`,
    appRoleId: role.id,
    createdDateTime: isoSeconds(0),
    principalDisplayName: own.displayName,
    principalId: own.id,
    principalType: "ServicePrincipal",
    resourceDisplayName: graph.displayName,
    resourceId: graph.id,
  });
}

/** May be called once for a twin: the ids count from nought. */
export function addMany(world: World, seed: ManySeed): ManyBuilt {
  const { servicePrincipals, applications, servicePrincipalByAppId, applicationByAppId } = world.directory;
  const { reported = 0.9, lastUsedDaysAgo = (n) => (n * 7) % 500, privilegedEvery = 50 } = seed;
  const now = Math.floor(world.now() / 1000) * 1000;
  const dates = { created: isoSeconds(now - 900 * dayMs), ends: isoSeconds(now + 300 * dayMs) };
  const built: { id: string; appId: string }[] = [];
  // Of numbers whose service principal is foreign or a managed identity there is no application: as many more follow.
  let registered = 0;
  for (let n = 0; n < seed.servicePrincipals || registered < seed.applications; n += 1) {
    const kind = n < seed.servicePrincipals ? kindOf(n, seed) : "home";
    const application = kind === "home" && registered < seed.applications ? applicationOf(n, dates) : undefined;
    if (application) {
      registered += 1;
      applications.seed(application);
      applicationByAppId.set(application.appId, application.id);
    }
    if (n >= seed.servicePrincipals) continue;
    const own = principalOf(world, n, kind);
    servicePrincipals.seed(own);
    servicePrincipalByAppId.set(own.appId, own.id);
    built.push({ id: own.id, appId: own.appId });
    if (within(n, reported)) seedRows(world, own, application, now - lastUsedDaysAgo(n) * dayMs);
    if (n % privilegedEvery === 0) seedPrivilege(world, n, own);
  }
  return { servicePrincipals: built, applications: registered };
}
