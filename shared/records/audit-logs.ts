/** AuditLogs: credential changes on applications and service principals. */
import { z } from "zod";
import type { CredentialsChanged } from "../domain/event.ts";
import { hashId } from "../domain/ids.ts";
import { readActor } from "./actor.ts";
import { field, Text } from "./fields.ts";
import { keyDifference, parseKeyDescription } from "./key-description.ts";
import type { Normalised } from "./normaliser.ts";
import { deadLetter, firstTime, noTime, type RawRecord, recordIdOf } from "./raw-record.ts";
import { readProperties } from "./schema.ts";
import { type CredentialVictim, credentialVictim } from "./victim.ts";

const AuditProperties = z.object({
  result: Text,
  correlationId: Text,
  activityDateTime: z.unknown(),
  initiatedBy: z.unknown(),
});
type AuditProperties = z.output<typeof AuditProperties>;
type Event = z.infer<typeof CredentialsChanged>;

export function readAuditLog(raw: RawRecord): Normalised {
  const read = readProperties(raw, AuditProperties);
  if (!read.ok) return read.outcome;
  // resultSignature is "None" on every genuine record; only a plain failure is one, a timeout may have been done
  const result = read.data.result ?? field(raw.record, "result");
  if (typeof result === "string" && result.toLowerCase() === "failure") return ignored("activity-failed");
  const found = credentialVictim(raw.operation, raw.properties);
  if (!found.ok) return deadLetter(raw.record, "no-victim", `${found.problem} Look at the record in the hub.`);
  return readKeys(raw, read.data, found.victim);
}

function readKeys(raw: RawRecord, properties: AuditProperties, victim: CredentialVictim): Normalised {
  const after = parseKeyDescription(victim.keys?.newValue);
  const before = parseKeyDescription(victim.keys?.oldValue);
  if (!after.ok || !before.ok) {
    const detail = `KeyDescription of ${victim.object} ${victim.objectId} cannot be read (cut off?): compare its credentials by hand.`;
    return deadLetter(raw.record, "schema", detail);
  }
  if (after.keys === null) return ignored("credentials-not-said");
  // where the old list is unknown, every key may be new: `before` null tells that this is not known
  const { added, removed } = keyDifference(before.keys ?? [], after.keys);
  if (added.length === 0 && removed.length === 0) return ignored("nothing-changed");
  const occurredAt = firstTime(raw, properties.activityDateTime);
  if (occurredAt === null) return noTime(raw);
  const changed = { added, removed, before: before.keys?.length ?? null };
  return { outcome: "event", event: { ...facts(raw, properties, victim, occurredAt), ...changed, succeeded: true } };
}

function facts(raw: RawRecord, properties: AuditProperties, victim: CredentialVictim, occurredAt: string) {
  const recordId = recordIdOf(raw, [victim.objectId, occurredAt]);
  const isApplication = victim.object === "application";
  return {
    type: "credentials-changed",
    id: hashId(raw.category, recordId),
    category: raw.category,
    recordId,
    tenantId: raw.tenantId,
    occurredAt,
    correlationId: properties.correlationId,
    actor: readActor(properties.initiatedBy),
    subject: {
      tenantId: raw.tenantId,
      appId: victim.appId,
      servicePrincipalId: isApplication ? null : victim.objectId,
      applicationObjectId: isApplication ? victim.objectId : null,
    },
    claimedName: victim.claimedName,
    object: victim.object,
    objectId: victim.objectId,
    ...(victim.managedIdentity ? { managedIdentityName: true } : {}),
  } as const satisfies Partial<Event>;
}

function ignored(reason: string): Normalised {
  return { outcome: "ignored", reason };
}
