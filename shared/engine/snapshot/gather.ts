/**
 * Requests of one kind become one call: `confirmCompromised` and `dismiss` take at most 60 ids and share a lane of one request a
 * second. What comes while a call is under way goes with the next. Only what differs in nothing but its ids goes together.
 */
import type { Services } from "../../ports/services.ts";
import type { ApiAnswer, ApiRequest, CallOptions } from "../../ports/tenant.ts";

const idsInOneCall = 60;

interface Ids {
  /** the body's only member (`servicePrincipalIds`) */
  readonly member: string;
  readonly ids: readonly unknown[];
}

interface Waiting {
  readonly request: ApiRequest;
  readonly options: CallOptions;
  /** null: not a list of ids alone, so it goes by itself */
  readonly named: Ids | null;
  readonly answer: (answer: ApiAnswer) => void;
  readonly fail: (error: unknown) => void;
}

export interface Gather {
  /** Sends the request, perhaps together with others like it whose body is one list of ids. */
  send(request: ApiRequest, options: CallOptions): Promise<ApiAnswer>;
}

function namedIn({ body }: ApiRequest): Ids | null {
  const [only, ...more] = Object.entries(body ?? {});
  return only !== undefined && more.length === 0 && Array.isArray(only[1]) ? { member: only[0], ids: only[1] } : null;
}

function isAlike(a: Waiting, b: Waiting): boolean {
  const kindOf = ({ request, named }: Waiting) =>
    JSON.stringify([request.method, request.version, request.path, request.lane, request.headers, named?.member]);
  return a === b || (a.named !== null && kindOf(a) === kindOf(b));
}

/** The first, and those like it as far as one call holds them. */
function nextCall(waiting: readonly Waiting[]): readonly Waiting[] {
  const [first] = waiting;
  if (first === undefined) return [];
  let room = idsInOneCall;
  return waiting.filter((one) => {
    if (!isAlike(first, one)) return false;
    room -= one.named?.ids.length ?? 0;
    return one === first || room >= 0;
  });
}

/** One id that Graph refuses must not cost the others their answer: 400 and 404 are about an id, 403 is about us. */
function mayBeOneOfThem(answer: ApiAnswer): boolean {
  return !answer.ok && !answer.retryable && !answer.maybeDone && (answer.status === 400 || answer.status === 404);
}

export function createGather({ tenant }: Services): Gather {
  let waiting: readonly Waiting[] = [];
  let underWay = false;

  async function pump(): Promise<void> {
    if (underWay) return;
    underWay = true;
    try {
      for (let call = nextCall(waiting); call.length > 0; call = nextCall(waiting)) {
        const taken = new Set(call);
        waiting = waiting.filter((one) => !taken.has(one));
        await sendTogether(call);
      }
    } finally {
      underWay = false;
    }
  }

  /** Halved and sent again when one of them may have spoilt it. */
  async function sendTogether(call: readonly Waiting[]): Promise<void> {
    try {
      const answer = await sendAsOne(call);
      if (call.length === 1 || !mayBeOneOfThem(answer)) {
        for (const one of call) one.answer(answer);
        return;
      }
    } catch (error) {
      // nobody may wait for ever because one call broke
      for (const one of call) one.fail(error);
      return;
    }
    const middle = Math.ceil(call.length / 2);
    await sendTogether(call.slice(0, middle));
    await sendTogether(call.slice(middle));
  }

  function sendAsOne(call: readonly Waiting[]): Promise<ApiAnswer> {
    const [first] = call;
    if (first === undefined) throw new Error("a call of nobody");
    const { request, options, named } = first;
    if (named === null || call.length === 1) return tenant.send(request, options);
    const ids = [...new Set(call.flatMap((one) => one.named?.ids ?? []))];
    const deadlineAt = Math.min(...call.map((one) => one.options.deadlineAt));
    return tenant.send({ ...request, body: { [named.member]: ids } }, { ...options, deadlineAt });
  }

  return {
    send: (request, options) =>
      new Promise((resolve, reject) => {
        waiting = [...waiting, { request, options, named: namedIn(request), answer: resolve, fail: reject }];
        void pump();
      }),
  };
}
