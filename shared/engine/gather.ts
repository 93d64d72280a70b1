/**
 * Requests of one gather key become one call: `confirmCompromised` and `dismiss` take at most 60 ids and share a lane of one
 * request a second. What comes while a call is under way goes with the next.
 */
import type { Services } from "../ports/services.ts";
import type { ApiAnswer, ApiRequest, CallOptions } from "../ports/tenant.ts";

const idsInOneCall = 60;

interface Waiting {
  readonly request: ApiRequest;
  readonly options: CallOptions;
  readonly answer: (answer: ApiAnswer) => void;
  readonly fail: (error: unknown) => void;
}

export interface Gather {
  /** Sends the request, perhaps together with others of the same path whose body is `servicePrincipalIds`. */
  send(request: ApiRequest, options: CallOptions): Promise<ApiAnswer>;
}

function idsOf({ body }: ApiRequest): readonly unknown[] {
  const ids = body?.servicePrincipalIds;
  return Array.isArray(ids) ? ids : [];
}

export function createGather({ tenant }: Services): Gather {
  let waiting: Waiting[] = [];
  let underWay = false;

  async function pump(): Promise<void> {
    if (underWay) return;
    underWay = true;
    try {
      for (let [first] = waiting; first !== undefined; [first] = waiting) {
        const { path } = first.request;
        const together = waiting.filter(({ request }) => request.path === path).slice(0, idsInOneCall);
        waiting = waiting.filter((one) => !together.includes(one));
        const servicePrincipalIds = together.flatMap(({ request }) => idsOf(request));
        const deadlineAt = Math.min(...together.map(({ options }) => options.deadlineAt));
        await tenant.send({ ...first.request, body: { servicePrincipalIds } }, { ...first.options, deadlineAt }).then(
          (answer) => {
            for (const one of together) one.answer(answer);
          },
          (error: unknown) => {
            // nobody may wait for ever because one call broke
            for (const one of together) one.fail(error);
          },
        );
      }
    } finally {
      underWay = false;
    }
  }

  return {
    send: (request, options) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, options, answer: resolve, fail: reject });
        void pump();
      }),
  };
}
