/**
 * Deletes by ETag inside a transaction. `submitTransaction` of @azure/data-tables 13 drops the ETag of a delete and writes
 * `If-Match: *`, so a policy puts the right one into the finished `$batch` body.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { TableClient, TableTransactionResponse, TransactionAction } from "@azure/data-tables";

type PipelinePolicy = Parameters<TableClient["pipeline"]["addPolicy"]>[0];

const policyName = "tourniquet-conditional-delete";
const etagsOfThisCall = new AsyncLocalStorage<ReadonlyMap<string, string>>();

/** Makes `submitConditionally` work on this client; doing it again changes nothing. */
export function allowConditionalDeletes(client: TableClient): TableClient {
  client.pipeline.removePolicy({ name: policyName });
  // First of all phases: the key credential counts the body's bytes later.
  client.pipeline.addPolicy(policy, { phase: "Serialize" });
  return client;
}

/** Like `submitTransaction`; `deleteEtags` holds the ETag of each deleted row by row key. Nothing is sent when one lacks. */
export async function submitConditionally(
  client: TableClient,
  actions: TransactionAction[],
  deleteEtags: ReadonlyMap<string, string>,
): Promise<TableTransactionResponse> {
  return etagsOfThisCall.run(deleteEtags, () => client.submitTransaction(actions));
}

const policy: PipelinePolicy = {
  name: policyName,
  sendRequest(request, next) {
    const etags = etagsOfThisCall.getStore();
    if (etags !== undefined && new URL(request.url).pathname.endsWith("/$batch")) {
      request.body = withEtags(String(request.body), etags);
    }
    return next(request);
  },
};

/** JSON bodies are single lines with escaped line ends, so only a real request line follows CR LF. */
function withEtags(body: string, etags: ReadonlyMap<string, string>): string {
  let changed = 0;
  const rewritten = body.replace(/(?<=\r\n)DELETE (\S+) HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*/g, (head, url: string) => {
    const rowKey = /RowKey='([^']*)'\)/.exec(decodeURIComponent(url))?.[1] ?? "";
    const etag = etags.get(rowKey);
    if (etag === undefined) throw new Error(`No ETag for the delete of row ${rowKey}.`);
    changed += 1;
    return withHeader(head, etag);
  });
  if (changed !== etags.size) throw new Error(`The transaction holds ${changed} deletes, expected ${etags.size}.`);
  return rewritten;
}

function withHeader(head: string, etag: string): string {
  const found = /(?<=\r\n)if-match: [^\r\n]*/i;
  if (!found.test(head))
    throw new Error("A delete without an If-Match header: the SDK writes its transactions differently now.");
  return head.replace(found, () => `If-Match: ${etag}`);
}
