/** Errors → RFC 9457 problem details: every code that a caller may see, with its status and its title. */
import { type Problem, problemTypePrefix } from "../../shared/api/problem.ts";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { plainText } from "./plain-text.ts";

type Meaning = readonly [status: number, title: string];

/** A TerminalError whose code is not here is a bug of ours: it is answered with 500 and without its message. */
const meanings: Readonly<Record<string, Meaning>> = {
  // the request itself
  "bad-input": [400, "The input does not fit"],
  "bad-json": [400, "The body is no JSON that can be used"],
  "bad-cursor": [400, "The cursor is none of ours"],
  "bad-if-match": [400, "If-Match does not name one version"],
  "bad-idempotency-key": [400, "The Idempotency-Key cannot be used"],
  "bad-parameters": [400, "The playbook does not take these parameters"],
  "identity-malformed": [400, "That is no identity"],
  "no-guid": [400, "That is no GUID"],
  "too-long": [400, "That is too long"],
  "bad-until": [400, "It cannot be held until then"],
  "body-too-large": [413, "The body is too large"],
  "not-sent-as-json": [415, "The body is not JSON"],
  "idempotency-key-reused": [422, "The Idempotency-Key was used for something else"],
  "idempotency-key-running": [409, "The first request with this Idempotency-Key still runs"],
  // who
  "not-signed-in": [401, "Nobody is signed in"],
  "forged-principal": [401, "The client principal does not come from the platform"],
  "bad-principal": [401, "The client principal cannot be used"],
  "principal-expired": [401, "The sign-in has expired"],
  "other-tenant": [401, "The caller is of another tenant"],
  "role-missing": [403, "The role for this is missing"],
  "cross-site": [403, "The request comes from another web site"],
  "needs-admin": [403, "That takes an administrator"],
  "needs-person": [403, "A person must decide"],
  outranked: [403, "The identity outranks the caller"],
  "same-person": [403, "Who asked cannot approve"],
  // which
  "no-such-dead-letter": [404, "There is no such dead letter"],
  "no-such-group": [404, "There is no such group"],
  "no-such-incident": [404, "There is no such incident"],
  "no-such-plan": [404, "There is no such plan"],
  "no-such-request": [404, "There is no such request"],
  "no-such-stage": [404, "There is no such stage"],
  "no-such-step": [404, "There is no such step"],
  "no-such-unused": [404, "Nothing is known of its use"],
  // how it stands
  "another-plan": [409, "It is not the plan you saw"],
  "changed-since-seen": [409, "It is not what you saw"],
  "nothing-approved": [409, "Nothing could be approved"],
  "protected-by-policy": [409, "The policy file protects it"],
  "list-full": [409, "The list is full"],
  "being-written": [409, "It is being written"],
  "called-off": [409, "It was called off"],
  "incident-closed": [409, "The incident is closed"],
  "new-evidence": [409, "Something new came up"],
  "nothing-to-cancel": [409, "There is nothing to call off"],
  "request-altered": [409, "The request was altered behind our back"],
  "already-denied": [409, "It was denied already"],
  "already-approved": [409, "It was approved already"],
  conflict: [409, "Somebody else was at it at the same moment"],
  contention: [409, "Somebody else was at it at the same moment"],
  expired: [409, "The time to decide has ended"],
  "not-manual": [409, "It is not for people to ask for"],
  "not-protected": [409, "It is not protected"],
  "held-by-policy": [409, "The policy file holds it"],
  "no-app-id": [409, "Its appId is not known"],
  "not-an-owner": [409, "Graph does not name the caller among its owners"],
  "nothing-said": [409, "Nobody said anything that could be released"],
  "word-being-checked": [409, "Graph is being asked who owns it"],
  "not-waiting": [409, "It does not wait for a person"],
  "nothing-done": [409, "There is nothing to take back"],
  "under-way": [409, "It is under way already"],
  "plan-altered": [409, "The plan was altered behind our back"],
  "row-malformed": [409, "A stored row was altered behind our back"],
  "row-unreadable": [409, "A stored row was altered behind our back"],
  "protections-altered": [409, "The protections were altered behind our back"],
  // what the policy does not let be
  "looser-than-policy": [422, "Settings can only tighten the policy"],
  "unknown-playbook": [422, "There is no such playbook"],
  // which version
  "version-changed": [412, "It was changed since you read it"],
  "if-match-missing": [428, "Say which version you change"],
};

const broken: Meaning = [500, "Something went wrong on our side"];
const unreachable: Meaning = [503, "Something we need cannot be reached"];
const retryAfterMs = 5_000;

/** Input that does not fit its schema, every part of it that is wrong. */
export class InputError extends TerminalError {
  readonly errors: NonNullable<Problem["errors"]>;
  constructor(errors: NonNullable<Problem["errors"]>) {
    const first = errors.map(({ where, problem }) => `${where}: ${problem}`).slice(0, 3);
    super(first.join("; "), { code: "bad-input" });
    this.errors = errors;
  }
}

/** A problem as it is answered, and what the log may know besides. */
export interface Trouble {
  readonly problem: Problem;
  /** seconds; null: trying again is no help, or nobody knows when */
  readonly retryAfter: number | null;
  readonly code: string;
}

/** `path` of the request, as it came (percent-encoded). What is unknown tells nothing of itself. */
export function troubleOf(error: unknown, path: string): Trouble {
  const { code, meaning, detail, waitMs } = read(error);
  const [status, title] = meaning;
  const errors = error instanceof InputError ? error.errors.map(plainError) : undefined;
  return {
    code,
    retryAfter: waitMs === null ? null : Math.max(1, Math.ceil(waitMs / 1_000)),
    problem: {
      type: `${problemTypePrefix}${code}`,
      title,
      status,
      detail: plainText(detail, 2_000),
      instance: plainText(path, 500),
      ...(errors === undefined ? {} : { errors }),
    },
  };
}

interface Reading {
  readonly code: string;
  readonly meaning: Meaning;
  readonly detail: string;
  readonly waitMs: number | null;
}

function read(error: unknown): Reading {
  if (error instanceof RetryableError) return readRetryable(error);
  const meaning = error instanceof TerminalError ? known(error.code) : null;
  if (!(error instanceof TerminalError) || meaning === null) {
    const detail = "it is in the log of the app, and nothing more is told here; the same request may work later";
    return { code: "broken", meaning: broken, detail, waitMs: null };
  }
  return { code: error.code, meaning, detail: error.message, waitMs: null };
}

/** What is retryable and has a meaning of its own keeps that; of the rest the message is for the log. */
function readRetryable({ code, message, retryAfterMs: wanted }: RetryableError): Reading {
  const meaning = known(code);
  const waitMs = wanted ?? retryAfterMs;
  if (meaning !== null) return { code, meaning, detail: message, waitMs };
  const detail = "try again: nothing is lost by it, and with the same Idempotency-Key nothing is done twice";
  return { code: "unavailable", meaning: unreachable, detail, waitMs };
}

function known(code: string): Meaning | null {
  return Object.hasOwn(meanings, code) ? (meanings[code] ?? null) : null;
}

function plainError({ where, problem }: { readonly where: string; readonly problem: string }) {
  return { where: plainText(where, 200), problem: plainText(problem, 500) };
}

/** Every status that a problem may have, with what it may mean: for the description of the API. */
export const titlesOf: ReadonlyMap<number, ReadonlySet<string>> = new Map(
  [...Map.groupBy([broken, unreachable, ...Object.values(meanings)], ([status]) => status)]
    .sort(([a], [b]) => a - b)
    .map(([status, all]) => [status, new Set(all.map(([, title]) => title))]),
);
