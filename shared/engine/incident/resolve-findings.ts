/**
 * An object id nobody knows: the writer asks Graph, deleted items included, until it is visible or the last look is over.
 * Replication lag is not innocence; what never can be resolved becomes a dead letter that says why.
 */
import type { DueMessage } from "../../domain/due.ts";
import { type IdentityRef, isTopic, isUnresolved, refOfKey, tenantOf } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { deferLook } from "../evidence/defer-look.ts";
import { keepDeadLetter } from "../ingest/dead-letters.ts";
import { withIdentity } from "../ingest/detect.ts";
import { done, type Next } from "../judge/stage-context.ts";
import { Draft, loadPartition, type Partition, readAll } from "../rows/partition.ts";
import { FindingRow, rowKey } from "../rows/rows.ts";
import type { Writer } from "../run/writer.ts";
import { readFacts } from "../snapshot/read-facts.ts";
import { beginRequested, dropRequested, startsIn } from "./begin-requested.ts";
import { fileFinding } from "./file-finding.ts";
import { adoptAndRemember, learnKind } from "./learn-kind.ts";
import { type FoundIdentity, lookUpObject } from "./look-up-object.ts";
import { joinBaselines } from "./sequences.ts";

/** An entity group transaction holds 100 at most. */
const rowsInOneCommit = 100;

type ResolveMessage = Extract<DueMessage, { kind: "resolve" }>;

export async function resolveFindings(writer: Writer, message: ResolveMessage): Promise<Next> {
  const { services } = writer;
  // whoever can send to the hub may name an identity that is known: its findings are not ours to move
  if (!isUnresolved(message.identity)) return isTopic(message.identity) ? done : learnKind(writer, message);
  const partition = await loadPartition(services.stores.identities, message.identity);
  const findings = readAll(partition, "finding|", FindingRow)
    .map(({ value }) => value.finding)
    // a person's word is signed, and this row is not
    .filter(({ details }) => details.about !== "manual");
  const asked = await startsIn(services, partition);
  if (findings.length === 0 && asked.length === 0) return done;
  const tenantId = tenantOf(message.identity);
  const objectId = message.identity.slice(message.identity.lastIndexOf(":") + 1);
  const found = await lookUpObject(services, tenantId, objectId);
  if (found === "unreadable") return { wakeAt: services.clock.now() + 5_000 };
  if (found !== null) {
    await services.stores.aliases.learn(found.ref);
    for (const finding of findings) {
      await fileFinding(services, found.key, withIdentity(finding, found.key, merged(found.ref, finding.subject)));
    }
    await joinBaselines(services, message.identity, found, findings);
    return (await beginAt(services, partition, asked, found)) ?? forget(services, partition);
  }
  const arrivedAt = [...findings.map(({ receivedAt }) => receivedAt), ...asked.map(({ request }) => request.at)];
  const wakeAt = deferLook(services, arrivedAt);
  if (wakeAt !== null) return { wakeAt };
  await giveUp(
    services,
    objectId,
    findings.map(({ warrant }) => warrant),
  );
  const why = `object ${objectId} is no service principal and no application of this tenant, deleted ones included`;
  const isDropped = await dropRequested(services, partition, asked, why);
  return isDropped ? forget(services, partition) : { wakeAt: services.clock.now() + 1_000 };
}

/** What people asked for is begun with the identity that the object id turned out to be of. Null: done. */
async function beginAt(
  services: Services,
  partition: Partition,
  asked: Awaited<ReturnType<typeof startsIn>>,
  found: FoundIdentity,
): Promise<Next | null> {
  if (asked.length === 0) return null;
  const facts = await readFacts(services, refOfKey(found.key));
  if (facts.retryAfterMs !== null) return { wakeAt: services.clock.now() + 5_000 };
  const known = await loadPartition(services.stores.identities, found.key);
  const isBegun =
    (await adoptAndRemember(services, known, facts)) &&
    (await beginRequested(services, partition, asked, found.key, facts));
  return isBegun ? null : { wakeAt: services.clock.now() + 1_000 };
}

function merged(known: IdentityRef, claimed: IdentityRef): IdentityRef {
  return {
    ...known,
    servicePrincipalId: known.servicePrincipalId ?? claimed.servicePrincipalId,
    applicationObjectId: known.applicationObjectId ?? claimed.applicationObjectId,
  };
}

async function forget(services: Services, { key }: Partition): Promise<Next> {
  const partition = await loadPartition(services.stores.identities, key);
  const findings = readAll(partition, "finding|", FindingRow);
  const draft = new Draft(partition);
  for (const { id } of findings.slice(0, rowsInOneCommit)) draft.remove(rowKey.finding(id));
  const isForgotten = (await draft.commit(services.stores.identities)) && findings.length <= rowsInOneCommit;
  return isForgotten ? { ...done, partition } : { wakeAt: services.clock.now() + 1_000 };
}

async function giveUp(
  services: Services,
  objectId: string,
  warrants: readonly { readonly category: string; readonly recordId: string }[],
): Promise<void> {
  for (const { category, recordId } of warrants) {
    const detail = `object ${objectId} is no service principal and no application of this tenant, deleted ones included, and did not become visible; nothing was written`;
    const origin = { hub: "resolve", partition: `${objectId} ${category} ${recordId}`, sequenceNumber: 0, index: 0 };
    await keepDeadLetter(services, { reason: "never-resolved", detail, category, recordId }, origin, recordId);
  }
}
