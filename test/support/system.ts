/** The whole system for end-to-end tests: real processes, real AMQP, real Azurite, and what tests ask of them. */
import { setTimeout as sleep } from "node:timers/promises";
import { type System, type SystemOptions, startSystem } from "../../local/stories/system.ts";
import type { BuiltApplication } from "../../local/tenant/builders.ts";
import type { Twin } from "../../local/tenant/twin.ts";
import { composeState, type StateServices } from "../../shared/compose.ts";
import { readConfig } from "../../shared/config/env.ts";
import type { StoredDeadLetter } from "../../shared/domain/dead-letter.ts";
import { RetryableError } from "../../shared/domain/errors.ts";
import type { StageName } from "../../shared/domain/plan.ts";
import { listRuns, type Run, type RunStage } from "./list-runs.ts";
import { buildApp } from "./system-build.ts";

/** Many victims in one hour: the blast radius has tests of its own. */
export const wideRadius = {
  "blastRadius.perHour": 1000,
  "blastRadius.perDay": 1000,
  "blastRadius.percent": 100,
  "blastRadius.reservedForTier0": 0,
  "blastRadius.perPlaybookPerHour": 1000,
} as const;

/** A write may take this long, so that a dead writer's lease ends after 2.2 s instead of 40. */
export const shortLeases = { TOURNIQUET_REQUEST_TIMEOUT_MS: "2000", TOURNIQUET_LEASE_MARGIN_MS: "100" } as const;

/** Stops everything at the end of the scope: `await using tenant = await startWhole(…)`. */
export interface Whole extends System, AsyncDisposable {
  /** the app's own view of its tables */
  readonly state: StateServices;
}

export async function startWhole(options: SystemOptions = {}): Promise<Whole> {
  await buildApp();
  const system = await startSystem(options);
  if (options.signer === "key-vault") actAsTheApp(system.env);
  try {
    const state = await composeState(readConfig(system.env), { debug() {}, info() {}, warn() {}, error() {} });
    const whole: Whole = Object.create(system, {
      state: { value: state },
      [Symbol.asyncDispose]: { value: () => system.stop() },
    });
    if (options.withApp !== false) await untilReady(whole);
    return whole;
  } catch (error) {
    await system.stop();
    throw error;
  }
}

/** This process asks the vault as the app does, by its managed identity: the SDK finds that in the environment, and once only. */
function actAsTheApp({ IDENTITY_ENDPOINT, IDENTITY_HEADER }: System["env"]): void {
  Object.assign(process.env, { IDENTITY_ENDPOINT, IDENTITY_HEADER });
}

/** Unused for 40 days, nobody depends on it: what may be contained without a person. Its one secret leaks. */
export function addVictim(twin: Twin, name: string, secrets = 1): BuiltApplication {
  return twin.addApplication({ displayName: name, passwords: secrets, createdDaysAgo: 900, lastUsedDaysAgo: 40 });
}

/** Entra finds the victim's secret in public: both risk records leave for the hub. */
export function leak(twin: Twin, victim: BuiltApplication): string {
  const keyIds = victim.secrets.slice(0, 1).map(({ keyId }) => keyId);
  const risk = { riskEventType: "leakedCredentials", riskLevel: "high", keyIds };
  return twin.raiseRisk({ servicePrincipalId: victim.id, ...risk }).id;
}

/** What a look may answer once it has seen something. */
type Seen<T> = Exclude<T, undefined | null | false>;

/** Waits as long as a slow machine may need. The message tells what was seen last. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  { limitMs = 60_000, everyMs = 100 }: { limitMs?: number; everyMs?: number } = {},
): Promise<Seen<T>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen as Seen<T>;
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs / 1000} s: ${what}`);
    await sleep(everyMs);
  }
}

/** The app answers, and its reading of who depends on what is older than anything that happens from now on. */
export async function untilReady(whole: Whole): Promise<void> {
  await until("the app is up and has read its dependencies", async () => {
    const answer = await fetch(`${whole.host.url}/api/health`).catch(() => null);
    if (answer === null) return false;
    const health = (await answer.json()) as { dependencyCache?: unknown };
    return health.dependencyCache !== null && health.dependencyCache !== undefined;
  });
}

/** What the timer does every 10 s, now. A host that is down or busy is no failure: the next call comes. */
export async function sweep(whole: Whole): Promise<void> {
  await fetch(`${whole.host.url}/admin/functions/sweep`, { method: "POST" }).catch(() => null);
}

/** Until then the sweep runs twice a second. */
export function sweepUntil<T>(whole: Whole, what: string, look: () => T | Promise<T>): Promise<Seen<T>> {
  const sweepAndLook = async () => {
    const seen = await look();
    if (seen === undefined || seen === null || seen === false) await sweep(whole);
    return seen;
  };
  return until(what, sweepAndLook, { limitMs: 90_000, everyMs: 500 }).catch((error: unknown) => {
    throw new Error(`${String(error)}\nThe host said last:\n${whole.host.output().slice(-40).join("\n")}`, {
      cause: error,
    });
  });
}

export function isDisabled(twin: Twin, victim: { readonly id: string }): boolean {
  return twin.state.servicePrincipal(victim.id)?.accountEnabled === false;
}

export async function runsOf(whole: Whole, victim: { readonly appId: string }): Promise<readonly Run[]> {
  const runs = await listRuns(whole.state).catch(nothingDuringOutage);
  return runs.filter(({ identity }) => identity.endsWith(`|${victim.appId}`));
}

function nothingDuringOutage(error: unknown): readonly Run[] {
  if (error instanceof RetryableError) return [];
  throw error;
}

/** The first plan's stage; undefined while there is none. */
export async function stageOf(
  whole: Whole,
  victim: { readonly appId: string },
  stage: StageName,
): Promise<(RunStage & { readonly planId: string }) | undefined> {
  const [run] = (await runsOf(whole, victim)).toReversed();
  const found = run?.stages.find((one) => one.stage === stage);
  return run === undefined || found === undefined ? undefined : { ...found, planId: run.planId };
}

export function deadLetters(whole: Whole): Promise<readonly StoredDeadLetter[]> {
  return whole.state.stores.deadLetters.list(whole.twin.tenantId, 1_000);
}

/** Our changes that name one of the ids, in order. */
export function writesTo(twin: Twin, ids: readonly string[]): readonly string[] {
  return twin.state
    .ourWrites()
    .filter(({ path, body }) => ids.some((id) => `${path} ${JSON.stringify(body)}`.includes(id)))
    .map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`);
}

/** Ends the host at once, as a lost machine does. */
export async function crash(whole: Whole): Promise<void> {
  whole.host.kill("SIGKILL");
  await whole.host.exited;
}

export interface AuditPage {
  readonly value: readonly { readonly id: string; readonly activityDisplayName: string }[];
}

/** Reads from Graph as the app may: with a token of its managed identity. */
export async function askGraph(whole: Whole, path: string): Promise<AuditPage> {
  const { identityEndpoint, identityHeader, graphUrl } = whole.twin;
  const resource = encodeURIComponent("https://graph.microsoft.com");
  const headers = { "X-IDENTITY-HEADER": identityHeader };
  const token = await fetch(`${identityEndpoint}?resource=${resource}&api-version=2019-08-01`, { headers });
  const { access_token } = (await token.json()) as { access_token: string };
  const answer = await fetch(`${graphUrl}${path}`, { headers: { authorization: `Bearer ${access_token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as AuditPage;
}
