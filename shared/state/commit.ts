/** One entity group transaction: all changes or none, each by ETag, and our own write is recognised after a lost reply. */
import { randomUUID } from "node:crypto";
import type { TableClient, TableTransactionResponse, TransactionAction } from "@azure/data-tables";
import { TerminalError } from "../domain/errors.ts";
import type { Change, CommitResult } from "../ports/stores.ts";
import { submitConditionally } from "./conditional-delete.ts";
import { encodeKey } from "./keys.ts";
import { encodeValue } from "./row-codec.ts";
import { isConflict, storageCall } from "./storage-errors.ts";
import { int64, queryAll } from "./table-access.ts";

/** Well-formed, and never the ETag of a row: replacing by it is a conflict. */
const overtakenEtag = "W/\"datetime'1970-01-01T00%3A00%3A00.0000000Z'\"";
const maxChanges = 100;

/**
 * The nonce goes into every written row, so that the ETags of a recognised commit can be told from those of a later one.
 * A commit of deletes only holds no row for it and is answered as a conflict after a lost reply: the caller loads again.
 */
export async function commitChanges(
  client: TableClient,
  partition: string,
  changes: readonly Change[],
): Promise<CommitResult> {
  if (changes.length === 0) return { ok: true, etags: new Map() };
  refuseImpossible(changes);
  const nonce = randomUUID();
  const actions = changes.map((change) => toAction(partition, change, nonce));
  const deletes = new Map(
    changes.flatMap((change) => (change.op === "delete" ? [[encodeKey(change.key), change.etag]] : [])),
  );
  const response = await storageCall<TableTransactionResponse | null>(
    () => submitConditionally(client, actions, deletes),
    (error) => (isConflict(error) ? { value: null } : null),
  );
  const etags = (response && etagsFrom(response, changes)) ?? (await readBack(client, partition, changes, nonce));
  return etags === null ? { ok: false, reason: "conflict" } : { ok: true, etags };
}

function refuseImpossible(changes: readonly Change[]): void {
  if (changes.length > maxChanges) {
    throw new TerminalError(`A commit of ${changes.length} rows; at most ${maxChanges} fit one transaction.`, {
      code: "too-many-changes",
    });
  }
  if (new Set(changes.map((change) => change.key)).size !== changes.length) {
    throw new TerminalError("A commit changes the same row twice.", { code: "row-changed-twice" });
  }
}

function toAction(partition: string, change: Change, nonce: string): TransactionAction {
  const keys = { partitionKey: partition, rowKey: encodeKey(change.key) };
  if (change.op === "delete") return ["delete", keys];
  const entity = { ...keys, ...encodeValue(change.value), expiresAt: int64(change.expiresAt), nonce };
  return change.op === "create" ? ["create", entity] : ["update", entity, "Replace", { etag: change.etag }];
}

/** Storage answers in the order of the changes. Null when the answer does not look like one to these changes. */
function etagsFrom(response: TableTransactionResponse, changes: readonly Change[]): ReadonlyMap<string, string> | null {
  if (response.subResponses.length !== changes.length) return null;
  const etags = new Map<string, string>();
  for (const [index, change] of changes.entries()) {
    const answer = response.subResponses[index];
    const other = answer?.rowKey !== undefined && decodeURIComponent(answer.rowKey) !== encodeKey(change.key);
    if (answer === undefined || answer.status >= 300 || other) return null;
    if (change.op === "delete") continue;
    if (answer.etag === undefined) return null;
    etags.set(change.key, answer.etag);
  }
  return etags;
}

/** Null when no row bears our nonce: somebody else's write won. */
async function readBack(
  client: TableClient,
  partition: string,
  changes: readonly Change[],
  nonce: string,
): Promise<ReadonlyMap<string, string> | null> {
  const stored = await queryAll(client, `PartitionKey eq '${partition}' and nonce eq '${nonce}'`);
  const ours = new Map(stored.map((row) => [row.rowKey, row.etag]));
  if (ours.size === 0) return null;
  const written = changes.filter((change) => change.op !== "delete");
  return new Map(written.map((change) => [change.key, ours.get(encodeKey(change.key)) ?? overtakenEtag]));
}
