/** An identity that nobody uses, begun as a scan begins it, and the writer's days with it. */
import { identityKey } from "../../shared/domain/identity.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { defaultRetirePolicy, type RetirePolicy } from "../../shared/domain/retire-policy.ts";
import { Retirement, type UnusedWord } from "../../shared/domain/retirement.ts";
import type { JudgedIdentity } from "../../shared/domain/use.ts";
import { fileFinding } from "../../shared/engine/incident/file-finding.ts";
import { tell } from "../../shared/engine/rows/notices.ts";
import { rowKey } from "../../shared/engine/rows/rows.ts";
import {
  type Begun,
  disuseFinding,
  toldNotice,
  toldRetirement,
} from "../../shared/engine/unused/begin/unused-finding.ts";
import { requestRestore } from "../../shared/engine/unused/life/restore.ts";
import { sayWord } from "../../shared/engine/unused/words/say-word.ts";
import { Harness } from "./harness.ts";
import { guid, iso, tenantId, victim } from "./harness-cast.ts";
import { day, policyWith } from "./harness-world.ts";

export const owner = guid(901);
export const stranger = guid(902);
export const key = identityKey(tenantId, victim.appId);
const lastUsedDaysAgo = 500;

export function retiring(retire: Partial<RetirePolicy> = {}, mode: Policy["stages"]["retire"] = "enforce"): Policy {
  const policy = policyWith();
  const workingDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
  return {
    ...policy,
    stages: { ...policy.stages, retire: mode },
    retire: { ...defaultRetirePolicy, percent: 100, workingDays: [...workingDays], ...retire },
  };
}

/** Its owners were told a moment ago. */
export async function told(policy: Policy = retiring(), harness?: Harness): Promise<Harness> {
  const one = harness ?? (await Harness.start(policy));
  const now = one.clock.now();
  one.tenant.change((directory) => {
    directory.activities.push(activity(now - lastUsedDaysAgo * day));
    directory.ownerships.push({ collection: "applications", ownerId: owner, objectId: victim.applicationId });
  });
  await begin(one);
  await one.run();
  return one;
}

function activity(at: number) {
  const said = { lastSignInDateTime: iso(at) };
  return { appId: victim.appId, lastSignInActivity: said, applicationAuthenticationClientSignInActivity: said };
}

/** The report names a newer use. */
export function used(harness: Harness, at = harness.clock.now()): void {
  harness.tenant.change((directory) => {
    directory.activities = [activity(at)];
  });
}

async function begin(harness: Harness): Promise<void> {
  const { services } = harness.process;
  const begun = begunAt(harness.clock.now());
  const finding = disuseFinding(begun);
  const { now } = begun;
  await fileFinding(services, key, finding, {
    due: [{ message: { kind: "retirement", identity: key }, at: now + day }],
    add(draft, incident, plans) {
      const planIds = plans.map(({ id }) => id);
      draft.put(rowKey.retirement, toldRetirement(begun, incident.id, planIds), now + 365 * day);
      tell(draft, toldNotice(begun, finding, incident.id, planIds[0] ?? null, services.policy.retire), now);
    },
  });
}

function begunAt(now: number): Begun {
  const lastUsedAt = now - lastUsedDaysAgo * day;
  const reasons = [{ code: "unused", words: "nobody used it", data: {} }];
  const judged: JudgedIdentity = {
    identity: {
      tenantId,
      appId: victim.appId,
      servicePrincipalId: victim.servicePrincipalId,
      applicationObjectId: victim.applicationId,
    },
    kind: "home-single-tenant",
    claimedName: "payroll",
    verdict: { state: "unused", reasons, lastUsedAt, windowDays: 400, credentials: [] },
    unusedSince: now,
    privileges: [],
  };
  const scan = {
    scanId: "scan-1",
    startedAt: now,
    endedAt: now,
    pages: 1,
    counts: {},
    coverage: 90,
    reportOnly: null,
    missing: [],
  };
  return {
    judged,
    appId: victim.appId,
    owners: [{ objectId: owner, type: "#microsoft.graph.user" }],
    privileges: ["application permission Mail.Read"],
    scan,
    now,
  };
}

export function rowOf(harness: Harness): Retirement {
  const row = harness.world.data.identities.get(key)?.get(rowKey.retirement);
  return Retirement.parse(JSON.parse(row?.json ?? "null"));
}

export async function say(
  harness: Harness,
  kind: UnusedWord["kind"],
  change: Partial<UnusedWord> = {},
): Promise<unknown> {
  const at = iso(harness.clock.now());
  const word = { tenantId, appId: victim.appId, kind, by: "ada", reason: "because", at, until: null, asOwner: false };
  return sayWord(harness.tables, { ...word, ...change });
}

export function restore(harness: Harness, by = "ada") {
  return requestRestore(harness.tables, key, { by, reason: "we need it" });
}

/** Told, its notice over, and disabled. */
export async function disabled(policy: Policy = retiring()): Promise<Harness> {
  const harness = await told(policy);
  await harness.run(policy.retire.noticeDays * day + day / 2);
  return harness;
}

/** Nobody missed it. */
export async function deleted(policy: Policy = retiring()): Promise<Harness> {
  const harness = await disabled(policy);
  await harness.run((policy.retire.disabledDays + 1) * day);
  return harness;
}

export function isEnabled(harness: Harness): boolean | undefined {
  const { servicePrincipals } = harness.tenant.directory;
  return servicePrincipals.find(({ id }) => id === victim.servicePrincipalId)?.accountEnabled as boolean | undefined;
}
