/** A tenant whose policy is as hard as it can be set, and somebody who may send to its hubs. */
import { expect } from "vitest";
import type { BuiltApplication, BuiltIdentity } from "../../local/tenant/builders.ts";
import type { Twin } from "../../local/tenant/twin.ts";
import type { Run, RunStage } from "./list-runs.ts";
import { addVictim, isDisabled, leak, runsOf, startWhole, sweepUntil, type Whole, wideRadius } from "./system.ts";
import type { Claim } from "./system-forgeries.ts";

/** What is not written here is kept back by more than the mode. */
const everythingEnforced = {
  ...wideRadius,
  "stages.eradicate": "enforce",
  "detections.credential-added-to-application": "enforce",
  "detections.credential-added-to-service-principal": "enforce",
  "detections.risky-service-principal": "enforce",
  "settle.addedCredentialMinutes": 0,
} as const;

const treasury = "5c1de1c8-1f3b-4c5e-9f4e-0f1f6a1b2c3d";

export interface HostileTenant {
  readonly whole: Whole;
  /** what the policy file protects */
  readonly guarded: BuiltApplication;
  /** one that had nothing happen to it, with three secrets */
  next(): BuiltApplication;
  /** to every partition: whatever it does to one, the others and the next record go on */
  send(record: unknown): void;
}

export async function startHostileTenant(): Promise<HostileTenant> {
  const spares: BuiltApplication[] = [];
  const guarded: BuiltApplication[] = [];
  const prepare = (twin: Twin) => {
    const unused = { createdDaysAgo: 900, lastUsedDaysAgo: 40 };
    guarded.push(twin.addApplication({ displayName: "treasury", appId: treasury, passwords: 1, ...unused }));
    for (let n = 0; n < 20; n += 1) spares.push(addVictim(twin, `workload-${n}`, 3));
  };
  const whole = await startWhole({ prepare, policyPatch: { ...everythingEnforced, "protected.never": [treasury] } });
  const take = (from: BuiltApplication[]): BuiltApplication => {
    const one = from.shift();
    if (one === undefined) throw new Error("there are too few identities");
    return one;
  };
  return {
    whole,
    guarded: take(guarded),
    next: () => take(spares),
    send(record) {
      for (const partitionId of ["0", "1", "2", "3"]) {
        whole.broker.enqueue("entra-risk", { records: [record] }, { partitionId });
      }
    },
  };
}

/** A claim that fits: true ids, and a key that is really there. */
export function claimOn({ whole }: HostileTenant, identity: BuiltIdentity, change: Partial<Claim> = {}): Claim {
  const keyIds = identity.secrets.slice(0, 1).map(({ keyId }) => keyId);
  return { tenantId: whole.twin.tenantId, servicePrincipalId: identity.id, appId: identity.appId, keyIds, ...change };
}

/** Why a stage of the identity's newest plan stands where it stands, as the ledger says it. */
export async function reasonFor(
  { whole }: HostileTenant,
  identity: { readonly appId: string },
  ...statuses: readonly RunStage["status"][]
): Promise<string> {
  const stage = await sweepUntil(whole, `a stage of ${identity.appId} that is ${statuses.join(" or ")}`, async () => {
    const [run]: readonly Run[] = await runsOf(whole, identity);
    return run?.stages.find(({ status }) => statuses.includes(status));
  });
  return stage.reasons.join("; ");
}

/** After every group: genuine attacks on others, whose records reach every partition, are still stopped. */
export async function stillStopsAttacks({ whole, next }: HostileTenant): Promise<void> {
  for (const victim of [next(), next()]) {
    leak(whole.twin, victim);
    await sweepUntil(whole, "the next genuine attack is contained", () => isDisabled(whole.twin, victim));
  }
  expect(whole.twin.violations).toEqual([]);
}
