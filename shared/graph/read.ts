/** Reads in as few round trips as possible: one `$batch` per lane, all at once; answers in the order of the requests. */
import type { ApiAnswer, ApiRequest, CallOptions, Lane } from "../ports/tenant.ts";
import { completed } from "./all-pages.ts";
import { notSent } from "./answers.ts";
import { batchLimit, readBatch } from "./batch.ts";
import { readOne, tellOnce } from "./read-one.ts";
import type { RetryParts } from "./retry.ts";
import type { Transport } from "./transport.ts";

/** Their quotas are so small that a batch would wait for them; they go beside it. */
const alone: ReadonlySet<Lane> = new Set(["identity-protection", "reports"]);

interface ReadParts extends RetryParts {
  readonly baseUrl: string;
  /** of a read of all pages */
  readonly pageCap?: number;
}

export async function readAll(
  requests: readonly ApiRequest[],
  options: CallOptions,
  transport: Transport,
  parts: ReadParts,
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
      await Promise.all(
        places.map(async ({ at, request }, i) => {
          answers[at] = await completed(request, got[i] ?? unanswered, told, { ...parts, transport });
        }),
      );
    }),
  );
  return answers;
}

const unanswered = notSent("unsent", "The read was not sent; this is a bug.");

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
