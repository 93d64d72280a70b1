/**
 * An object id nobody knows: the writer asks Graph, deleted items included, until it is visible or the last look is over.
 * Replication lag is not innocence; what never can be resolved becomes a dead letter that says why.
 */
import { z } from "zod";
import type { DueMessage } from "../domain/due.ts";
import {
  Guid,
  type IdentityKey,
  type IdentityRef,
  identityKey,
  servicePrincipalKey,
  tenantOf,
} from "../domain/identity.ts";
import type { Services } from "../ports/services.ts";
import { type ApiRequest, apiPath } from "../ports/tenant.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { withIdentity } from "./detect.ts";
import { fileFinding } from "./file-finding.ts";
import { Draft, loadPartition, type Partition, readAll } from "./partition.ts";
import { askAll } from "./read-facts.ts";
import { FindingRow, rowKey } from "./rows.ts";
import { done, type Next } from "./stage-context.ts";
import type { Writer } from "./writer.ts";

type ResolveMessage = Extract<DueMessage, { kind: "resolve" }>;

const DirectoryObject = z.looseObject({ id: Guid, appId: Guid.nullish(), "@odata.type": z.string().nullish() });

/** `attempts`: how many looks came before this one. */
export async function resolveFindings(writer: Writer, message: ResolveMessage, attempts: number): Promise<Next> {
  const { services } = writer;
  const partition = await loadPartition(services.stores.identities, message.identity);
  const findings = readAll(partition, "finding|", FindingRow).map(({ value }) => value.finding);
  if (findings.length === 0) return done;
  const tenantId = tenantOf(message.identity);
  const objectId = message.identity.slice(message.identity.lastIndexOf(":") + 1);
  const found = await lookFor(services, tenantId, objectId);
  if (found === "unreadable") return { wakeAt: services.clock.now() + 5_000 };
  if (found !== null) {
    await services.stores.aliases.learn(found.ref);
    for (const finding of findings) {
      await fileFinding(services, found.key, withIdentity(finding, found.key, merged(found.ref, finding.subject)));
    }
    return forget(services, partition);
  }
  const waitMs = services.limits.deferMs[attempts];
  if (waitMs !== undefined) return { wakeAt: services.clock.now() + waitMs };
  await giveUp(
    services,
    objectId,
    findings.map(({ warrant }) => warrant),
  );
  return forget(services, partition);
}

function merged(known: IdentityRef, claimed: IdentityRef): IdentityRef {
  return {
    ...known,
    servicePrincipalId: known.servicePrincipalId ?? claimed.servicePrincipalId,
    applicationObjectId: known.applicationObjectId ?? claimed.applicationObjectId,
  };
}

interface Found {
  readonly ref: IdentityRef;
  readonly key: IdentityKey;
}

function get(path: string): ApiRequest {
  return { method: "GET", version: "v1.0", path, lane: "directory" };
}

async function lookFor(services: Services, tenantId: string, objectId: string): Promise<Found | null | "unreadable"> {
  const principal = get(apiPath`/servicePrincipals/${objectId}?$select=id,appId`);
  const application = get(apiPath`/applications/${objectId}?$select=id,appId`);
  const deleted = get(apiPath`/directory/deletedItems/${objectId}`);
  const answers = await askAll(services, [principal, application, deleted]);
  for (const request of [principal, application, deleted]) {
    const answer = answers.get(request);
    if (answer === undefined || (!answer.ok && answer.status !== 404 && answer.status !== 400)) return "unreadable";
    const object = answer.ok ? DirectoryObject.safeParse(answer.body) : null;
    if (object?.success !== true) continue;
    const isApplication = request === application || object.data["@odata.type"]?.endsWith(".application") === true;
    return foundAs(tenantId, object.data.id, object.data.appId ?? null, isApplication);
  }
  return null;
}

function foundAs(tenantId: string, id: string, appId: string | null, isApplication: boolean): Found | null {
  const ref: IdentityRef = {
    tenantId,
    appId,
    servicePrincipalId: isApplication ? null : id,
    applicationObjectId: isApplication ? id : null,
  };
  if (appId !== null) return { ref, key: identityKey(tenantId, appId) };
  return isApplication ? null : { ref, key: servicePrincipalKey(tenantId, id) };
}

async function forget(services: Services, partition: Partition): Promise<Next> {
  const draft = new Draft(partition);
  for (const { id } of readAll(partition, "finding|", FindingRow)) draft.remove(rowKey.finding(id));
  return (await draft.commit(services.stores.identities)) ? done : { wakeAt: services.clock.now() + 1_000 };
}

async function giveUp(
  services: Services,
  objectId: string,
  warrants: readonly { readonly category: string; readonly recordId: string }[],
): Promise<void> {
  for (const { category, recordId } of warrants) {
    const detail = `object ${objectId} is no service principal and no application of this tenant, deleted ones included, and did not become visible; nothing was written`;
    const origin = { hub: "resolve", partition: objectId, sequenceNumber: 0, index: 0 };
    await keepDeadLetter(services, { reason: "never-resolved", detail, category, recordId }, origin, recordId);
  }
}
