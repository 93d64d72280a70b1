/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that is sent again is answered again, not done again. One row
 * for each caller and key, in a partition of its own; it holds hashes and the answer, neither the key nor what was asked.
 *
 *   (none) ── claim ──> running ── keep ──> done: the same answer for 24 h
 *                          └────── give up ──> (none): a refusal or a failure did nothing that stays, the next may try
 */
import { z } from "zod";
import type { Caller } from "../../shared/domain/caller.ts";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { hashId } from "../../shared/domain/ids.ts";
import type { Row } from "../../shared/ports/stores.ts";
import type { Answer } from "./answer.ts";
import type { ApiServices } from "./handler.ts";

/** The functions host ends every invocation by then (`functionTimeout` in host.json), so what still runs after it never will. */
const runsAtMostMs = 5 * 60_000;
const keptMs = 24 * 3_600_000;
const row = "idempotency";

const Kept = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

const Claim = z.object({
  /** of the operation, where and with what */
  request: z.string(),
  at: z.number(),
  answer: Kept.nullable(),
});
type Claim = z.infer<typeof Claim>;

export interface Keyed {
  readonly key: string;
  readonly caller: Caller;
  /** everything that makes two requests the same */
  readonly request: readonly string[];
}

/** Null: none was sent. Throws `bad-idempotency-key`. The draft writes it in quotes, most clients do without. */
export function idempotencyKeyIn(header: string | null): string | null {
  if (header === null) return null;
  const key = /^"([!#-~]{1,200})"$|^([!#-~]{1,200})$/.exec(header.trim());
  const text = key?.[1] ?? key?.[2];
  if (text !== undefined) return text;
  const message = "write 1 to 200 letters, digits or signs of ASCII without spaces, for example a UUID";
  throw new TerminalError(message, { code: "bad-idempotency-key" });
}

/**
 * Does the work once: `work` runs when nobody else did it or does it. Throws `idempotency-key-reused` for another request under the
 * same key, `idempotency-key-running` (retryable) while the first one runs, and whatever `work` throws.
 */
export async function once(services: ApiServices, keyed: Keyed, work: () => Promise<Answer>): Promise<Answer> {
  const partition = `${services.policy.tenantId}|idempotency:${hashId(keyed.caller.id, keyed.key)}`;
  const request = hashId(...keyed.request);
  const claimed = await claim(services, partition, request);
  if (claimed.answer !== null) return claimed.answer;
  try {
    const answer = await work();
    await keep(services, partition, claimed.etag, { request, at: services.clock.now(), answer });
    return answer;
  } catch (error) {
    await giveUp(services, partition, claimed.etag);
    throw error;
  }
}

type Claimed = { readonly answer: Answer } | { readonly answer: null; readonly etag: string };

async function claim(services: ApiServices, partition: string, request: string): Promise<Claimed> {
  const { stores, clock } = services;
  const now = clock.now();
  const value: Claim = { request, at: now, answer: null };
  const fresh = { key: row, value, expiresAt: now + keptMs };
  const created = await stores.identities.commit(partition, [{ op: "create", ...fresh }]);
  if (created.ok) return { answer: null, etag: created.etags.get(row) ?? "" };
  const before = (await stores.identities.load(partition)).get(row);
  if (before === undefined) throw stillRuns(1_000); // given up this very moment
  const standing = standingOf(before, request, now);
  if (standing !== "free") return { answer: standing };
  const taken = await stores.identities.commit(partition, [{ op: "replace", ...fresh, etag: before.etag }]);
  if (!taken.ok) throw stillRuns(1_000);
  return { answer: null, etag: taken.etags.get(row) ?? "" };
}

/** `free`: it is too old to count, or whoever claimed it died. */
function standingOf(before: Row, request: string, now: number): Answer | "free" {
  const claim = Claim.safeParse(before.value);
  if (!claim.success || claim.data.at + keptMs <= now) return "free";
  const { at, answer } = claim.data;
  if (claim.data.request !== request) {
    const message = "this Idempotency-Key stands for another request of yours: take a new key for a new request";
    throw new TerminalError(message, { code: "idempotency-key-reused" });
  }
  if (answer !== null) return { ...answer, headers: { ...answer.headers, "Idempotency-Replayed": "true" } };
  if (now < at + runsAtMostMs) throw stillRuns(Math.min(2_000, at + runsAtMostMs - now));
  return "free";
}

function stillRuns(retryAfterMs: number): RetryableError {
  const message = "the first request with this Idempotency-Key is still being worked on: ask again for its answer";
  return new RetryableError(message, { code: "idempotency-key-running", retryAfterMs });
}

/** The work is done and is answered for, whether or not the answer can be kept. */
async function keep(services: ApiServices, partition: string, etag: string, value: Claim): Promise<void> {
  const change = { op: "replace", key: row, value, expiresAt: value.at + keptMs, etag } as const;
  await besides(services, () => services.stores.identities.commit(partition, [change]));
}

async function giveUp(services: ApiServices, partition: string, etag: string): Promise<void> {
  await besides(services, () => services.stores.identities.commit(partition, [{ op: "delete", key: row, etag }]));
}

async function besides(services: ApiServices, commit: () => Promise<{ readonly ok: boolean }>): Promise<void> {
  try {
    const { ok } = await commit();
    if (!ok) services.logger.warn("Somebody else took over an Idempotency-Key", {});
  } catch (error) {
    const code = error instanceof RetryableError || error instanceof TerminalError ? error.code : "unknown";
    services.logger.warn("The row of an Idempotency-Key could not be written; it counts as running for 5 minutes", {
      error: code,
    });
  }
}
