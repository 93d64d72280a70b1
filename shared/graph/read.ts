/** Reads in as few round trips as possible: one `$batch` per lane, all at once; answers in the order of the requests. */
import type { ApiAnswer, ApiRequest, CallOptions, Lane } from "../ports/tenant.ts";
import { notSent } from "./answers.ts";
import { batchLimit, readBatch } from "./batch.ts";
import { laneCost } from "./resource-units.ts";
import type { RetryParts } from "./retry.ts";
import type { Transport } from "./transport.ts";

/** Their quotas are so small that a batch would wait for them; they go beside it. */
const alone: ReadonlySet<Lane> = new Set(["identity-protection", "reports"]);

export async function readAll(
  requests: readonly ApiRequest[],
  options: CallOptions,
  transport: Transport,
  parts: RetryParts,
): Promise<readonly ApiAnswer[]> {
  const answers: ApiAnswer[] = requests.map(() => unanswered);
  const told = tellOnce(options);
  await Promise.all(
    groups(requests).map(async (places) => {
      const [first, ...rest] = places.map(({ request }) => request);
      if (first === undefined) return;
      const got =
        rest.length === 0
          ? [await readOne(first, told, transport)]
          : await readBatch([first, ...rest], told, transport, parts);
      for (const [i, { at }] of places.entries()) answers[at] = got[i] ?? unanswered;
    }),
  );
  return answers;
}

/** Several HTTP requests may leave for one read; the caller hears of the first. */
function tellOnce({ onSent, ...options }: CallOptions): CallOptions {
  if (onSent === undefined) return options;
  let told = false;
  return {
    ...options,
    onSent() {
      if (!told) onSent();
      told = true;
    },
  };
}

const unanswered = notSent("unsent", "The read was not sent; this is a bug.");

export function readOne(request: ApiRequest, options: CallOptions, transport: Transport): Promise<ApiAnswer> {
  return transport({ request, options, lane: request.lane, costs: [laneCost(request)], repeatable: true });
}

interface Place {
  readonly at: number;
  readonly request: ApiRequest;
}

/** One group becomes one HTTP request. A lane that is paused must not hold up another lane's reads, so lanes do not mix. */
function groups(requests: readonly ApiRequest[]): readonly (readonly Place[])[] {
  const places = requests.map((request, at) => ({ at, request: { ...request } }));
  const together = Map.groupBy(places, ({ at, request }) =>
    alone.has(request.lane) ? String(at) : `${request.version} ${request.lane}`,
  );
  return [...together.values()].flatMap((group) => chunks(group, batchLimit));
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
