/** Every request that the app sends to Graph and to its tables, with when it left and when it was answered. */
import type { PipelinePolicy } from "../../shared/state/table-clients.ts";

export interface Recorded {
  readonly to: "graph" | "tables";
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** ms, `performance.now()` */
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface Recorder {
  /** for the tables' clients */
  readonly policy: PipelinePolicy;
  readonly requests: readonly Recorded[];
  /** Puts `fetch` back as it was. */
  stop(): void;
}

/** The Graph adapter sends by the global `fetch`, so that one is replaced until `stop`. */
export function record(graphUrl: string): Recorder {
  const requests: Recorded[] = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, { method: init?.method ?? "GET", headers: init?.headers ?? {} });
    if (!request.url.startsWith(graphUrl)) return original(input, init);
    const sentAt = performance.now();
    const response = await original(input, init);
    const { method, url } = request;
    const headers = Object.fromEntries(request.headers);
    const body = typeof init?.body === "string" ? init.body : null;
    requests.push({ to: "graph", method, url, headers, body, sentAt, answeredAt: performance.now() });
    return response;
  };
  const policy: PipelinePolicy = {
    name: "bench-record",
    async sendRequest(request, next) {
      const { method, url } = request;
      const sentAt = performance.now();
      const response = await next(request);
      const headers = request.headers.toJSON();
      const body = typeof request.body === "string" ? request.body : null;
      requests.push({ to: "tables", method, url, headers, body, sentAt, answeredAt: performance.now() });
      return response;
    },
  };
  return {
    policy,
    requests,
    stop() {
      globalThis.fetch = original;
    },
  };
}
