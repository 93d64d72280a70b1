/**
 * Somebody told Identity Protection that service principals are compromised, or that their risk is nothing. No real record is at
 * hand: the id is looked for where records of other activities have it.
 */
import { type AuditTarget, detailOf, eitherValueOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, noVictim, together } from "./audit-record.ts";
import { asGuid } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { idOrClaim, type Victim, victimAt } from "./victim.ts";

/** Identity Protection takes up to 60 of them at once. */
const mostTargets = 60;
const named = ["serviceprincipalid", "serviceprincipal.objectid", "serviceprincipal", "objectid"];
const others = new Set(["user", "group", "role", "policy", "device"]);

export function readRiskJudgement(record: AuditRecord): Normalised {
  const judgement = record.operation.startsWith("confirm") ? "confirmed" : "dismissed";
  const victims = victimsIn(record);
  if (victims.length === 0) return noVictim(record, "The record does not name a service principal.");
  return together(
    victims.map((victim) => {
      const one = victim.objectId ?? victim.claimedId ?? victim.appId ?? "";
      return auditEvent(record, victim, { type: "risk-judged", judgement }, one);
    }),
  );
}

/** The service principals among the targets; else what a target of no known type, or a detail of the record, names as one. */
function victimsIn({ properties, targets }: AuditRecord): readonly Victim[] {
  const typed = targets.filter(({ type }) => type === "serviceprincipal");
  const candidates = typed.length > 0 ? typed : targets.filter(({ type }) => type === null || !others.has(type));
  const victims = candidates.slice(0, mostTargets).map((target) => victimIn(target, candidates.length, properties));
  if (victims.some(({ objectId, appId }) => objectId !== null || appId !== null)) return victims;
  const ids = named.map((key) => asGuid(detailOf(properties, key)));
  const objectId = ids.find((id) => id !== null);
  const claimedName = victims[0]?.claimedName ?? null;
  return objectId === undefined ? victims : [{ object: "servicePrincipal", objectId, appId: null, claimedName }];
}

/** A record's own details name an appId of one target; beside several they say nothing of any. */
function victimIn(target: AuditTarget, targets: number, properties: AuditRecord["properties"]): Victim {
  const victim = victimAt(targets === 1 ? properties : {}, "servicePrincipal", target);
  if (victim.objectId !== null) return victim;
  const said = named.map((name) => idOrClaim(eitherValueOf(target.changed, name))).find((one) => one.objectId !== null);
  if (said === undefined) return victim;
  const { claimedId: _, ...rest } = victim;
  return { ...rest, objectId: said.objectId };
}
