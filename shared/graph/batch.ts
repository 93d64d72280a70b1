/** Up to 20 reads of one lane in one `$batch`; what fails in a passing way is asked for again, and only that. */
import type { ApiAnswer, ApiFailure, ApiRequest, CallOptions } from "../ports/tenant.ts";
import { answerFrom, notSent } from "./answers.ts";
import { parseBatchAnswers } from "./batch-answers.ts";
import { graphHeaders } from "./headers.ts";
import { laneCost } from "./resource-units.ts";
import { delayMs, logRetry, mayRepeat, type RetryParts } from "./retry.ts";
import type { Transport } from "./transport.ts";

/** Graph's limit on requests in one batch (json-batching). */
export const batchLimit = 20;

/** All requests share version and lane. Answers in the order of the requests. */
export async function readBatch(
  requests: readonly [ApiRequest, ...ApiRequest[]],
  options: CallOptions,
  transport: Transport,
  parts: RetryParts,
): Promise<readonly ApiAnswer[]> {
  const answers = new Map<ApiRequest, ApiAnswer>();
  let pending = requests;
  for (let attempt = 0; ; attempt++) {
    const outer = await sendBatch(pending, options, transport);
    for (const [request, answer] of answersOf(pending, outer, parts.clock.now())) {
      answers.set(request, answer);
      if (outer.ok) parts.answered?.(request.lane, answer.status);
    }
    const [first, ...rest] = pending.filter((request) => isWorthRepeating(answers.get(request)));
    // The transport has spent its own retries on a batch that failed as a whole.
    if (first === undefined || !outer.ok) break;
    pending = [first, ...rest];
    if (
      !(await waitToRepeat(
        pending.map((request) => answers.get(request)),
        attempt,
        requests[0].lane,
        options,
        parts,
      ))
    )
      break;
  }
  return requests.map((request) => answers.get(request) ?? missing);
}

function isWorthRepeating(answer: ApiAnswer | undefined): answer is ApiFailure {
  return answer !== undefined && !answer.ok && (answer.code === missing.code || mayRepeat(answer, true));
}

/** Waits as long as the most patient of them asks; false when the deadline comes before. */
async function waitToRepeat(
  answers: readonly (ApiAnswer | undefined)[],
  attempt: number,
  lane: ApiRequest["lane"],
  { deadlineAt }: CallOptions,
  { clock, lanes, logger, random }: RetryParts,
): Promise<boolean> {
  const failures = answers.filter(isWorthRepeating);
  const waitMs = Math.max(...failures.map((failure) => delayMs(failure, lane, attempt, random)));
  if (failures.some(({ status }) => status === 429)) lanes.pause(lane, waitMs);
  if (clock.now() + waitMs >= deadlineAt) return false;
  for (const failure of failures) logRetry(logger, failure, lane, waitMs, attempt);
  await clock.sleep(waitMs);
  return true;
}

const missing = notSent("batch-incomplete", "Graph's batch answer does not hold an answer to this request.", {
  retryable: true,
});

function sendBatch(
  requests: readonly [ApiRequest, ...ApiRequest[]],
  options: CallOptions,
  transport: Transport,
): Promise<ApiAnswer> {
  const { version, lane } = requests[0];
  const body = { requests: requests.map((request, i) => innerRequest(request, String(i), options)) };
  const request: ApiRequest = { method: "POST", version, path: "/$batch", lane, body };
  return transport({ request, options, lane, costs: requests.map(laneCost), repeatable: true });
}

function answersOf(
  requests: readonly ApiRequest[],
  outer: ApiAnswer,
  now: number,
): readonly (readonly [ApiRequest, ApiAnswer])[] {
  if (!outer.ok) return requests.map((request) => [request, outer]);
  const inner = parseBatchAnswers(outer.body);
  return requests.map((request, i) => {
    const raw = inner.get(String(i));
    return [request, raw === undefined ? missing : answerFrom(raw, true, now)];
  });
}

function innerRequest(request: ApiRequest, id: string, options: CallOptions) {
  const { pathname, search } = new URL(request.path, "http://graph");
  const headers = graphHeaders(request, options);
  const common = { id, method: request.method, url: pathname + search };
  if (request.body === undefined) return { ...common, headers };
  return { ...common, headers: { ...headers, "Content-Type": "application/json" }, body: request.body };
}
