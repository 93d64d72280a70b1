/** Everything that is looked at, in the order of the table; each part that cannot be read says so and holds nothing else up. */
import { TerminalError } from "../../shared/domain/errors.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import type { ArmTenant } from "../../shared/graph/arm-tenant.ts";
import { type Comparison, compare } from "../grant/compare.ts";
import { type Needs, needsOf } from "../permissions/needs.ts";
import { readHeld, readOffered } from "../tenant/assignments.ts";
import type { Graph } from "../tenant/connect.ts";
import { findManagedIdentity, type ManagedIdentity } from "../tenant/managed-identity.ts";
import { type App, askApp } from "./app-health.ts";
import { type Check, failed, looking, ok, unknown } from "./check.ts";
import { checkApp, checkAuthentication } from "./checks/app.ts";
import { checkAzureRoles, checkFederated } from "./checks/azure-exposure.ts";
import { checkCategories } from "./checks/categories.ts";
import { checkClocks } from "./checks/clock.ts";
import { checkApiOwners, checkIdentityOwners } from "./checks/exposure.ts";
import { checkLicences } from "./checks/licences.ts";
import { checkGranted, checkToken } from "./checks/permissions.ts";
import { checkBlockPolicy, checkPolicyIds } from "./checks/policy-ids.ts";

export interface Examined {
  readonly policy: Policy;
  /** null: not said */
  readonly url: string | null;
  readonly functionKey: string | undefined;
  /** null: as the app says */
  readonly identity: string | null;
  readonly apiApp: string | null;
  readonly resourceGroup: string | null;
  readonly graph: Graph;
  readonly azure: ArmTenant;
}

export async function examine(given: Examined): Promise<readonly Check[]> {
  const { policy, graph } = given;
  const needs = needsOf(policy);
  const { app, checks: reached } = await reach(given);
  const { tenant } = graph;
  const { signedIn, checks: signing } = await signIn(given);
  const ours = signedIn ? await findOurs(given, app, needs) : nobody;
  const onGraph = async (about: string, look: () => Promise<readonly Check[]>) =>
    signedIn ? looking(about, look) : [unknown(about, "not looked at", howToSignIn)];
  return [
    ...reached,
    ...(app === null
      ? []
      : [...checkApp(app, policy), ...(await checkAuthentication(app)), ...checkCategories(app.health)]),
    ...(await checkClocks(app, graph.url)),
    ...signing,
    ...(app === null ? [] : checkToken(app.health.self, needs, ours.granted)),
    ...ours.checks,
    ...(await onGraph("licences", () => checkLicences(tenant, policy))),
    ...(await onGraph("ids in the policy", () => checkPolicyIds(tenant, policy))),
    ...(await onGraph("policy conditionalAccess", () => checkBlockPolicy(tenant, policy))),
    ...(await onGraph("owners of the API's sign-in application", () => checkApiOwners(tenant, given.apiApp))),
    ...(await exposure(given, ours.identity)),
  ];
}

const howToSignIn = "sign in with `az login` as somebody with the directory role Global Reader";

async function reach({
  url,
  functionKey,
}: Examined): Promise<{ readonly app: App | null; readonly checks: readonly Check[] }> {
  const about = "the app";
  if (url === null)
    return {
      app: null,
      checks: [unknown(about, "not asked", "say where it is: --url or TOURNIQUET_URL, and TOURNIQUET_FUNCTION_KEY")],
    };
  try {
    const app = await askApp(url, functionKey);
    return { app, checks: [ok(about, `answers at ${url}`)] };
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    const isDenied = error.code === "not-signed-in";
    return {
      app: null,
      checks: [(isDenied ? unknown : failed)(about, isDenied ? "it does not know us" : "no answer", error.message)],
    };
  }
}

async function signIn({
  graph,
  policy,
}: Examined): Promise<{ readonly signedIn: boolean; readonly checks: readonly Check[] }> {
  const about = "signed in to Microsoft Graph";
  try {
    const { tenantId } = await graph.whoIsSignedIn();
    if (tenantId === policy.tenantId) return { signedIn: true, checks: [ok(about, `tenant ${tenantId}`)] };
    const check = failed(
      about,
      `tenant ${tenantId}, and the policy is for ${policy.tenantId}`,
      `\`az login --tenant ${policy.tenantId}\``,
    );
    return { signedIn: false, checks: [check] };
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return { signedIn: false, checks: [unknown(about, error.message, howToSignIn)] };
  }
}

interface Ours {
  readonly identity: ManagedIdentity | null;
  readonly granted: Comparison | null;
  readonly checks: readonly Check[];
}

const nobody: Ours = {
  identity: null,
  granted: null,
  checks: [unknown("granted on Microsoft Graph", "not looked at", howToSignIn)],
};

async function findOurs({ graph, identity: named, policy }: Examined, app: App | null, needs: Needs): Promise<Ours> {
  const id = named ?? app?.health.self?.servicePrincipalId ?? null;
  const about = "our identity";
  if (id === null)
    return { ...nobody, checks: [unknown(about, "not known", "name it with --identity, or the app with --url")] };
  const { tenant } = graph;
  const found: { identity?: ManagedIdentity; granted?: Comparison } = {};
  const checks = await looking(about, async () => {
    found.identity = await findManagedIdentity(tenant, policy.tenantId, id);
    const [held, offered] = await Promise.all([readHeld(tenant, found.identity), readOffered(tenant)]);
    found.granted = compare(needs, held, offered);
    return checkGranted(found.granted);
  });
  return { identity: found.identity ?? null, granted: found.granted ?? null, checks };
}

async function exposure(
  { graph, azure, resourceGroup }: Examined,
  identity: ManagedIdentity | null,
): Promise<readonly Check[]> {
  if (identity === null)
    return [unknown("who can become us", "not looked at", "name the identity with --identity, and sign in")];
  return [
    ...(await looking("owners of our identity", () => checkIdentityOwners(graph.tenant, identity))),
    ...(await looking("federated credentials of our identity", () => checkFederated(azure, identity))),
    ...(await looking("Azure roles over the app, its storage and vault", () =>
      checkAzureRoles(azure, identity, resourceGroup),
    )),
  ];
}
