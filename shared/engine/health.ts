/** How we are: can storage be read, how old is the newest record of each category, how old the dependency cache, what waits. */
import canonicalize from "canonicalize";
import { hashId } from "../domain/ids.ts";
import type { Policy } from "../domain/policy.ts";
import { isoAt } from "../ports/clock.ts";
import type { Services } from "../ports/services.ts";
import type { OwnIdentity } from "../ports/tenant.ts";
import { readInForce } from "./judge/safety.ts";
import { type ChannelHealth, outboxHealth } from "./outbox-health.ts";

export interface Health {
  readonly status: "ok" | "degraded";
  readonly at: string;
  readonly mode: string;
  readonly tenantId: string;
  readonly killSwitch: string | null;
  /** category → newest record; a category that never came is not there */
  readonly newestRecords: Readonly<Record<string, { readonly at: string; readonly ageSeconds: number }>>;
  readonly dependencyCache: { readonly readAt: string; readonly ageSeconds: number } | null;
  readonly due: { readonly waiting: number; readonly overdue: number };
  readonly deadLetters: number;
  /** by channel, whether people are reached */
  readonly channels: Readonly<Record<string, ChannelHealth>>;
  /** id of the key that signs now */
  readonly signingKey: string | null;
  /** who our token for Graph says we are, and what it carries; null: there is none that can be read */
  readonly self: Self | null;
  /** of the policy in force: whoever has the file can tell whether it is this one */
  readonly policyHash: string;
}

interface Self {
  readonly servicePrincipalId: string;
  readonly appId: string;
  readonly tenantId: string;
  readonly roles: readonly string[] | null;
  readonly tokenIssuedAt: string | null;
  readonly tokenExpiresAt: string | null;
}

export type HealthServices = Pick<Services, "clock" | "policy" | "stores" | "signer" | "notifiers" | "tenant">;

/** Due things this late mean that the writer does not keep up or does not run. */
const overdueMs = 120_000;
const lettersCounted = 100;

export async function health(services: HealthServices): Promise<Health> {
  const { clock, policy, signer, stores, tenant } = services;
  const { tenantId } = policy;
  const now = clock.now();
  const [newest, summary, due, letters, { killSwitch: stopped }, [key], self] = await Promise.all([
    stores.freshness.all(tenantId),
    stores.dependencies.summary(tenantId),
    stores.due.all(tenantId),
    stores.deadLetters.list(tenantId, lettersCounted),
    readInForce(services),
    signer.publicKeys(),
    tenant.whoAmI(),
  ]);
  const outbox = await outboxHealth(services, due);
  const age = (at: number) => ({ at: isoAt(at), ageSeconds: Math.max(0, Math.round((now - at) / 1000)) });
  const overdue = due.filter(({ wakeAt }) => now - wakeAt > overdueMs).length;
  return {
    status: overdue === 0 && !outbox.isLate ? "ok" : "degraded",
    at: isoAt(now),
    mode: policy.mode,
    tenantId,
    killSwitch: stopped?.reason ?? null,
    newestRecords: Object.fromEntries([...newest].map(([category, { last }]) => [category, age(last)])),
    dependencyCache:
      summary === null ? null : { readAt: isoAt(summary.readAt), ageSeconds: age(summary.readAt).ageSeconds },
    due: { waiting: due.length, overdue },
    deadLetters: letters.length,
    channels: outbox.channels,
    signingKey: key?.id ?? null,
    self: self === null ? null : shownSelf(self),
    policyHash: policyHash(policy),
  };
}

function shownSelf({ servicePrincipalId, appId, tenantId, roles, token }: OwnIdentity): Self {
  const times = {
    tokenIssuedAt: token === undefined ? null : isoAt(token.issuedAt),
    tokenExpiresAt: token === undefined ? null : isoAt(token.expiresAt),
  };
  return { servicePrincipalId, appId, tenantId, roles, ...times };
}

/** The same for the same policy, however its file is written. */
export function policyHash(policy: Policy): string {
  return hashId("policy", canonicalize(policy) ?? "");
}
