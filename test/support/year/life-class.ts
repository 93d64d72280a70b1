/** A class of identities that live alike: what they are, on which days they are used, what people do about them, and how that has to end. */
import type { Twin } from "../../../local/tenant/twin.ts";
import type { RetirementState } from "../../../shared/domain/retirement.ts";

/** Days count from the engine's first; before it lies a year of which only the tenant's reports know. */
export const firstDay = -365;
export const lastDay = 499;

export interface Ids {
  readonly appId: string;
  readonly servicePrincipalId: string;
  readonly applicationId: string | null;
}

export interface Grown extends Ids {
  /** somebody uses it: Entra's error code, 0 where they got in */
  use(): number;
}

/** What somebody does so many days after its retirement got into a state. */
export interface Reaction {
  readonly on: RetirementState;
  readonly afterDays: number;
  readonly does: "use" | "keep" | "restore";
}

export interface LifeClass {
  readonly name: string;
  readonly members: number;
  /** the day it is made; default: the first */
  readonly born?: number;
  /** it holds what gives it the long window */
  readonly privileged?: true;
  build(tenant: Tenant, n: number): Grown;
  /** whether its own rhythm uses it that day */
  usedOn(day: number, n: number): boolean;
  readonly reactions?: readonly Reaction[];
  /** nobody decides anything about it */
  readonly unanswered?: true;
  /** what its retirement ends as; null: none is ever begun */
  readonly fate: RetirementState | null;
  /** how it stands in the end; by default as its fate has it: off from disabled to gone, and there from back to restored */
  readonly ends?: "enabled" | "disabled";
}

/** The twin, and who is in it. */
export interface Tenant {
  readonly twin: Twin;
  /** a client that is used every day, with which others are called */
  readonly caller: { readonly appId: string; readonly servicePrincipalId: string; readonly secret: string };
  readonly owner: { readonly id: string; readonly userPrincipalName: string };
}

/** One secret that outlives everything told here. */
export const lasting = [{ expiresInDays: 2_000 }] as const;

export const never = (): boolean => false;
/** Used for the last time on that day. */
export const onlyOn =
  (...days: readonly number[]) =>
  (day: number): boolean =>
    days.includes(day);

/** Every so many days, each member on days of its own. */
export const every =
  (period: number, until = lastDay) =>
  (day: number, n: number): boolean =>
    day <= until && (day - firstDay) % period === (n * 17 + 3) % period;

/** Both, whichever has a use that day. */
export const either =
  (...rhythms: readonly LifeClass["usedOn"][]): LifeClass["usedOn"] =>
  (day, n) =>
    rhythms.some((rhythm) => rhythm(day, n));

/** Any directory role makes it privileged, and this one alone does not make it tier 0. */
export function withRole({ twin }: Tenant, built: Built): Built {
  twin.addRole({ principalId: built.id, roleDefinitionId: "5d6b6bb7-de71-4623-b4af-96380a352509" });
  return built;
}

interface Built {
  readonly appId: string;
  readonly id: string;
  readonly applicationId?: string;
  readonly secrets: readonly { readonly secret: string }[];
}

function idsOf({ appId, id, applicationId = "" }: Built): Ids {
  return { appId, servicePrincipalId: id, applicationId: applicationId === "" ? null : applicationId };
}

/** It signs in for itself, with the secret of that place. */
export function bySecret({ twin }: Tenant, built: Built, place = 0): Grown {
  const secret = built.secrets[place]?.secret ?? "";
  const asked = { appId: built.appId, secret, ip: "203.0.113.7", asn: 64496, country: "IE" };
  return { ...idsOf(built), use: () => twin.requestToken(asked).errorCode };
}

/** It never signs in: another application calls it. */
export function asResource({ twin, caller }: Tenant, built: Built): Grown {
  const { appId, secret } = caller;
  const asked = { appId, secret, resource: `api://${built.appId}`, ip: "203.0.113.7", asn: 64496, country: "IE" };
  return { ...idsOf(built), use: () => twin.requestToken(asked).errorCode };
}

/** Users work with it, which no hub of ours sees. */
export function byUsers({ twin }: Tenant, built: Built): Grown {
  return { ...idsOf(built), use: () => twin.useForUsers({ client: built.appId }) };
}

/** Users call it by another application. */
export function asResourceForUsers({ twin, caller }: Tenant, built: Built): Grown {
  const asked = { client: caller.appId, resource: built.appId };
  return { ...idsOf(built), use: () => twin.useForUsers(asked) };
}
