/** What a person may start by hand, on the tables: the writer looks who the identity is, and somebody else decides the plan. */
import { personKey, StartRequest } from "../../../domain/approval.ts";
import type { Role } from "../../../domain/caller.ts";
import type { DueMessage } from "../../../domain/due.ts";
import { TerminalError } from "../../../domain/errors.ts";
import { Guid, type IdentityKey, identityKey, keyOfRef, unresolvedKey } from "../../../domain/identity.ts";
import { hashId } from "../../../domain/ids.ts";
import type { PlannedStep } from "../../../domain/plan.ts";
import { type Playbook, parametersFor } from "../../../playbooks/playbook.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { Signer } from "../../../ports/signer.ts";
import { playbooks } from "../../registry.ts";
import { publishedAgainMs, putDue } from "../../rows/due.ts";
import { historyMs } from "../../rows/expiry.ts";
import { Draft, loadPartition, type Partition, read } from "../../rows/partition.ts";
import { rowKey, StartRow } from "../../rows/rows.ts";
import type { PersonsWord, TableServices } from "../find-plan.ts";
import { refuseOutranked } from "../outranked.ts";

const validMs = 24 * 3600_000;

/** Those that a person may start, in the order of the registry. */
export function manualPlaybooks(): readonly Playbook[] {
  return [...playbooks.values()].filter(({ manual }) => manual);
}

export interface StartWord extends Pick<PersonsWord, "by" | "reason"> {
  /** without any they start nothing on an identity of tier 0 */
  readonly roles?: readonly Role[];
  /** as the playbook takes them */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** the most its plan may do; without it `approve` */
  readonly mode?: StartRequest["mode"];
  /** the same wish by the same person under the same key is one request */
  readonly idempotencyKey?: string | null;
}

export interface Started {
  readonly requestId: string;
  readonly identity: IdentityKey;
  readonly request: StartRequest;
}

/**
 * Signs the request and wakes the writer. `identity`: `appId:GUID`, or the object id of a service principal or an application.
 * Throws TerminalError saying what is wrong and how to mend it; `bad-parameters` has the ZodError as its cause.
 */
export async function requestStart(
  services: TableServices,
  playbook: string,
  identity: string,
  word: StartWord,
): Promise<Started> {
  const { clock, signer, stores } = services;
  const now = clock.now();
  const request = requestOf(services, startable(playbook), identity, word);
  const key = startKey(request);
  await refuseOutrankedStart(services, request);
  const payload = JSON.stringify(request);
  const { idempotencyKey = null } = word;
  const requestId =
    idempotencyKey === null ? hashId(key, payload) : hashId(key, "asked", personKey(word.by), idempotencyKey);
  const message: DueMessage = { kind: "resolve", identity: key };
  const partition = await loadPartition(stores.identities, key);
  const before = await askedBefore(services, partition, requestId, request);
  // due row first, for some time after the commit: a crash in between leaves a wake-up that finds nothing
  await putDue(services, message, now + publishedAgainMs);
  if (before === null) {
    const row: StartRow = { payload, signature: await signer.sign(payload) };
    const draft = new Draft(partition).put(rowKey.start(requestId), row, now + historyMs);
    if (!(await draft.commit(stores.identities))) {
      throw new TerminalError("this very request was made at the same moment; look at `runs list`", {
        code: "conflict",
      });
    }
  }
  await putDue(services, message, now);
  return { requestId, identity: key, request: before ?? request };
}

function requestOf(
  { clock, policy }: TableServices,
  playbook: Playbook,
  identity: string,
  { by, reason, roles = [], parameters = {}, mode = "approve" }: StartWord,
): StartRequest {
  const now = clock.now();
  return {
    tenantId: policy.tenantId,
    identity: idsOf(identity),
    playbook: playbook.id,
    parameters: fitting(playbook, parameters),
    mode,
    by,
    roles: [...roles],
    reason,
    at: isoAt(now),
    expiresAt: isoAt(now + validMs),
  };
}

/** What is known of an object id is known under its identity. */
async function refuseOutrankedStart(services: TableServices, request: StartRequest): Promise<void> {
  const { appId, objectId } = request.identity;
  const { aliases, identities } = services.stores;
  const alias = objectId === null ? null : await aliases.get(request.tenantId, objectId);
  const key = (alias === null ? null : keyOfRef(alias)) ?? startKey(request);
  const ids = [appId, objectId].filter((id) => id !== null);
  refuseOutranked(services, await loadPartition(identities, key), request, ids);
}

/** The request that was made under this id; null: none was. */
async function askedBefore(
  { signer }: TableServices,
  partition: Partition,
  id: string,
  wanted: StartRequest,
): Promise<StartRequest | null> {
  const row = read(partition, rowKey.start(id), StartRow);
  const before = row === null ? null : await signedStart(signer, row);
  if (before === "altered")
    throw new TerminalError(`the row of request ${id} is not as we signed it`, { code: "request-altered" });
  if (before === null || wishOf(before) === wishOf(wanted)) return before;
  throw new TerminalError("this Idempotency-Key was used for another wish; take a new one", {
    code: "idempotency-key-reused",
  });
}

export async function signedStart(signer: Signer, { payload, signature }: StartRow): Promise<StartRequest | "altered"> {
  if (!(await signer.verify(payload, signature))) return "altered";
  return StartRequest.safeParse(JSON.parse(payload)).data ?? "altered";
}

function wishOf({ identity, playbook, parameters, mode, reason }: StartRequest): string {
  return JSON.stringify([identity, playbook, parameters, mode, reason]);
}

/** Where a request lies: with its identity, or under the object id that the writer is to look up. */
export function startKey({ tenantId, identity: { appId, objectId } }: StartRequest): IdentityKey {
  return appId === null ? unresolvedKey(tenantId, objectId ?? "") : identityKey(tenantId, appId);
}

function startable(id: string): Playbook {
  const playbook = playbooks.get(id);
  if (playbook?.manual === true) return playbook;
  const names = manualPlaybooks().map((one) => one.id);
  const why = playbook !== undefined ? "answers findings only and cannot be started by hand" : "does not exist";
  throw new TerminalError(`playbook ${id} ${why}; these can be started: ${names.join(", ")}`, { code: "not-manual" });
}

function fitting(playbook: Playbook, said: Readonly<Record<string, unknown>>): PlannedStep["parameters"] {
  const parsed = parametersFor(playbook, said);
  if (parsed.success) return parsed.data;
  const parts = parsed.error.issues.map(({ path, message }) => `${["parameters", ...path].join(".")}: ${message}`);
  throw new TerminalError(`what ${playbook.id} takes does not fit: ${parts.join("; ")}`, {
    code: "bad-parameters",
    cause: parsed.error,
  });
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
