/** What people asked to start for one identity: each signed request becomes a finding, and a plan that somebody else decides. */
import { StartRequest } from "../../domain/approval.ts";
import type { Finding } from "../../domain/finding.ts";
import { type IdentityKey, keyOfRef } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import { fits } from "../../playbooks/playbook.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { startKey } from "../people/start-by-person.ts";
import { playbooks } from "../registry.ts";
import { tell } from "../rows/notices.ts";
import { Draft, loadPartition, type Partition, readAll } from "../rows/partition.ts";
import { rowKey, SignedRow } from "../rows/rows.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { fileFinding } from "./file-finding.ts";

interface Asked {
  readonly id: string;
  readonly request: StartRequest;
}

/** Requests that hold: signed by us, and lying where they were put. A copied or edited row is nobody's order. */
export async function startsIn(services: Services, partition: Partition): Promise<readonly Asked[]> {
  const rows = readAll(partition, "start|", SignedRow);
  const read = await Promise.all(rows.map(({ id, value }) => requestIn(services, partition, id, value)));
  return read.filter((asked) => asked !== null);
}

async function requestIn(
  services: Services,
  partition: Partition,
  id: string,
  { payload, signature }: SignedRow,
): Promise<Asked | null> {
  if (!(await services.signer.verify(payload, signature))) {
    services.logger.error("A request to start a playbook was altered after it was signed; it is not followed", { id });
    return null;
  }
  const request = StartRequest.safeParse(JSON.parse(payload));
  const isOurs = request.success && request.data.tenantId === services.policy.tenantId;
  return isOurs && startKey(request.data) === partition.key ? { id, request: request.data } : null;
}

/** `facts`: of the identity under whose key `at` the finding is filed. The requests are gone from `from` afterwards. */
export async function beginRequested(
  services: Services,
  from: Partition,
  asked: readonly Asked[],
  at: IdentityKey,
  facts: Facts,
): Promise<boolean> {
  const refused: { readonly asked: Asked; readonly why: string }[] = [];
  for (const one of asked) {
    const why = whyNot(one.request, facts, services.clock.now());
    if (why === null) await fileFinding(services, at, findingOf(services, at, one, facts));
    else refused.push({ asked: one, why });
  }
  return forget(services, from, asked, refused);
}

/** Nobody could be found whom they are about. */
export function dropRequested(services: Services, from: Partition, asked: readonly Asked[], why: string) {
  return forget(
    services,
    from,
    asked,
    asked.map((one) => ({ asked: one, why })),
  );
}

function whyNot({ playbook: id, expiresAt }: StartRequest, { kind }: Facts, now: number): string | null {
  const playbook = playbooks.get(id);
  if (Date.parse(expiresAt) <= now) return `nobody could act on it until ${expiresAt}`;
  if (playbook?.manual !== true) return `this version has no playbook ${id} that a person may start`;
  return fits(playbook, kind) ? null : `${id} is not for a ${kind} identity, which is what Graph says it is`;
}

function findingOf({ clock }: Services, key: IdentityKey, { id, request }: Asked, facts: Facts): Finding {
  const { playbook, by, reason, at } = request;
  return {
    id: hashId(key, "manual", id),
    detection: "manual",
    severity: "medium",
    ceiling: "approve",
    title: `${playbook} was asked for by ${by}`,
    subject: facts.identity,
    claimedName: facts.servicePrincipal?.displayName ?? facts.application?.displayName ?? null,
    actorId: null,
    dedupeBy: id,
    details: { about: "manual", by, reason, playbook },
    warrant: { category: "Manual", recordId: id, correlationId: null, activityAt: at, raisedAt: at },
    receivedAt: isoAt(clock.now()),
  };
}

/** Rows as they are now: filing has changed some of them. False: look again. */
async function forget(
  services: Services,
  from: Partition,
  asked: readonly Asked[],
  refused: readonly { readonly asked: Asked; readonly why: string }[],
): Promise<boolean> {
  if (asked.length === 0) return true;
  const draft = new Draft(await loadPartition(services.stores.identities, from.key));
  for (const { id } of asked) draft.remove(rowKey.start(id));
  for (const { asked: one, why } of refused) tellRefused(draft, one, why, services.clock.now());
  return draft.commit(services.stores.identities);
}

function tellRefused(draft: Draft, { id, request }: Asked, why: string, now: number): void {
  const { tenantId, identity, playbook, by } = request;
  const subject = { tenantId, appId: identity.appId, servicePrincipalId: identity.objectId, applicationObjectId: null };
  tell(
    draft,
    {
      event: "start.refused",
      about: [id],
      severity: "medium",
      urgency: "chat",
      identity: subject,
      message: `${playbook}, asked for by ${by} for ${keyOfRef(subject)}, was not started: ${why}`,
      data: { playbook, by, why },
    },
    now,
  );
}
