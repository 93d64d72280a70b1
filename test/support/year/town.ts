/** A tenant with everybody who lives in it: made a year before the engine comes, so that its reports know of real uses only. */
import { createTenantTwin, type Twin } from "../../../local/tenant/twin.ts";
import type { FakeClock } from "../fake-clock.ts";
import { tenantId } from "../harness-cast.ts";
import { exemptClasses } from "./exempt-classes.ts";
import { forgottenClasses } from "./forgotten-classes.ts";
import { firstDay, type Grown, type LifeClass, lasting, type Tenant } from "./life-class.ts";
import { usedClasses } from "./used-classes.ts";

export const dayMs = 86_400_000;
/** A Monday. */
export const startAt = Date.parse("2026-02-02T00:00:00Z");

export interface Member extends Grown {
  readonly name: string;
  readonly of: LifeClass;
  readonly n: number;
  /** epoch ms of the uses in which somebody got in */
  readonly used: number[];
  /** and of those that Entra refused */
  readonly refused: number[];
}

export interface Town {
  readonly twin: Twin;
  readonly tenant: Tenant;
  readonly members: Member[];
  /** what the twin sent to the hubs since the last look */
  takeRecords(): readonly unknown[];
  /** Whoever is born that day comes; whoever's rhythm has a use that day uses it. */
  live(day: number): void;
}

const owner = { id: "0e000000-0000-4000-8000-000000000001", userPrincipalName: "olga@contoso.example" };
const classes: readonly LifeClass[] = [...usedClasses, ...exemptClasses, ...forgottenClasses];

export async function settleTown(clock: FakeClock): Promise<Town> {
  let records: unknown[] = [];
  const twin = await createTenantTwin({
    tenantId,
    now: () => clock.now(),
    quotas: "off",
    tokenLifetimeSeconds: 10 * 365 * 86_400,
    onRecord: (_hub, record) => records.push(record),
  });
  const caller = twin.addApplication({ displayName: "caller", passwords: lasting });
  const tenant: Tenant = {
    twin,
    owner,
    caller: { appId: caller.appId, servicePrincipalId: caller.id, secret: caller.secrets[0]?.secret ?? "" },
  };
  const members: Member[] = [];
  return {
    twin,
    tenant,
    members,
    takeRecords() {
      const taken = records;
      records = [];
      return taken;
    },
    live(day) {
      const { appId, secret } = tenant.caller;
      twin.requestToken({ appId, secret, ip: "203.0.113.7", asn: 64496, country: "IE" });
      for (const born of classes.filter((one) => (one.born ?? firstDay) === day)) members.push(...grow(born, tenant));
      for (const member of members) if (member.of.usedOn(day, member.n)) useNow(member, clock.now());
    },
  };
}

function grow(of: LifeClass, tenant: Tenant): readonly Member[] {
  return Array.from({ length: of.members }, (_, n) => {
    const name = of.members === 1 ? of.name : `${of.name} ${n + 1}`;
    return { ...of.build(tenant, n), name, of, n, used: [], refused: [] };
  });
}

/** @returns whether they got in */
export function useNow(member: Member, now: number): boolean {
  const isIn = member.use() === 0;
  (isIn ? member.used : member.refused).push(now);
  return isIn;
}

export function dayOf(at: number): number {
  return Math.floor((at - startAt) / dayMs);
}
