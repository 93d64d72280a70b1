/** What a person may start by hand, on the tables: the writer looks who the identity is, and somebody else decides the plan. */
import type { StartRequest } from "../../domain/approval.ts";
import type { DueMessage } from "../../domain/due.ts";
import { TerminalError } from "../../domain/errors.ts";
import { Guid, type IdentityKey, identityKey, unresolvedKey } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import type { Playbook } from "../../playbooks/playbook.ts";
import { isoAt } from "../../ports/clock.ts";
import { playbooks } from "../registry.ts";
import { publishedAgainMs, putDue } from "../rows/due.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft, loadPartition } from "../rows/partition.ts";
import { rowKey } from "../rows/rows.ts";
import type { PersonsWord, TableServices } from "./decide-by-person.ts";

const validMs = 24 * 3600_000;

/** Those that a person may start, in the order of the registry. */
export function manualPlaybooks(): readonly Playbook[] {
  return [...playbooks.values()].filter(({ manual }) => manual);
}

export interface Started {
  readonly requestId: string;
  readonly identity: IdentityKey;
  readonly request: StartRequest;
}

/**
 * Signs the request and wakes the writer. `identity`: `appId:GUID`, or the object id of a service principal or an application.
 * Throws TerminalError saying what is wrong and how to mend it.
 */
export async function requestStart(
  services: TableServices,
  playbook: string,
  identity: string,
  { by, reason }: PersonsWord,
): Promise<Started> {
  checkPlaybook(playbook);
  const { clock, policy, signer, stores } = services;
  const ids = idsOf(identity);
  const now = clock.now();
  const request: StartRequest = {
    tenantId: policy.tenantId,
    identity: ids,
    playbook,
    parameters: {},
    mode: "approve",
    by,
    roles: [],
    reason,
    at: isoAt(now),
    expiresAt: isoAt(now + validMs),
  };
  const key = startKey(request);
  const payload = JSON.stringify(request);
  const requestId = hashId(key, payload);
  const row = { payload, signature: await signer.sign(payload) };
  const message: DueMessage = { kind: "resolve", identity: key };
  const draft = new Draft(await loadPartition(stores.identities, key));
  // due row first, for some time after the commit: a crash in between leaves a wake-up that finds nothing
  await putDue(services, message, now + publishedAgainMs);
  if (!(await draft.put(rowKey.start(requestId), row, now + historyMs).commit(stores.identities))) {
    throw new TerminalError("this very request was made at the same moment; look at `runs list`", { code: "conflict" });
  }
  await putDue(services, message, now);
  return { requestId, identity: key, request };
}

/** Where a request lies: with its identity, or under the object id that the writer is to look up. */
export function startKey({ tenantId, identity: { appId, objectId } }: StartRequest): IdentityKey {
  return appId === null ? unresolvedKey(tenantId, objectId ?? "") : identityKey(tenantId, appId);
}

function checkPlaybook(id: string): void {
  if (playbooks.get(id)?.manual === true) return;
  const names = manualPlaybooks().map((playbook) => playbook.id);
  const why = playbooks.has(id) ? "answers findings only and cannot be started by hand" : "does not exist";
  throw new TerminalError(`playbook ${id} ${why}; these can be started: ${names.join(", ")}`, { code: "not-manual" });
}

function idsOf(identity: string): StartRequest["identity"] {
  const isAppId = identity.toLowerCase().startsWith("appid:");
  const id = Guid.safeParse(isAppId ? identity.slice("appId:".length) : identity);
  if (!id.success) {
    const message = `--identity ${identity}: neither appId:GUID nor the GUID of an object; names decide nothing here`;
    throw new TerminalError(message, { code: "identity-malformed" });
  }
  return isAppId ? { appId: id.data, objectId: null } : { appId: null, objectId: id.data };
}
