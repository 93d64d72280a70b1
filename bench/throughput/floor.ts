/** Sends recorded requests again, as many identities at once as the app has in flight, and keeps nothing. */
import { createHmac } from "node:crypto";
import pLimit from "p-limit";
import type { Recorded } from "./recorded.ts";
import type { Trace } from "./traces.ts";

export interface FloorTarget {
  /** origins that take the place of the recorded ones */
  readonly graphUrl: string;
  readonly stateConnection: string;
  readonly token: () => Promise<string>;
}

/** @returns how many requests were refused that the app's own run would not have had refused */
export async function replayAll(traces: readonly Trace[], target: FloorTarget, inFlight: number): Promise<number> {
  const limit = pLimit(inFlight);
  const send = senderFor(target);
  const refused = await Promise.all(traces.map((trace) => limit(replay, trace, send)));
  return refused.reduce((sum, count) => sum + count, 0);
}

type Send = (request: Recorded) => Promise<boolean>;

async function replay(trace: Trace, send: Send): Promise<number> {
  const sent: Promise<boolean>[] = [];
  for (const { request, after } of trace) {
    const before = after.flatMap((at) => sent[at] ?? []);
    sent.push(Promise.all(before).then(() => send(request)));
  }
  return (await Promise.all(sent)).filter((accepted) => !accepted).length;
}

function senderFor({ graphUrl, stateConnection, token }: FloorTarget): Send {
  const tables = accountOf(stateConnection);
  return async (request) => {
    const origin = request.to === "graph" ? graphUrl : tables.origin;
    const url = request.url.replace(/^https?:\/\/[^/]+/, origin);
    const headers: Record<string, string> = { ...request.headers };
    delete headers["content-length"];
    if (request.to === "graph") headers.authorization = `Bearer ${await token()}`;
    else Object.assign(headers, tables.sign(url), headers["if-match"] === undefined ? {} : { "if-match": "*" });
    const body = request.body === null ? null : bodyFor(request, origin);
    const response = await fetchAgain(url, { method: request.method, headers, body });
    const text = await response.text();
    return response.ok && !/^HTTP\/1\.1 4/m.test(text);
  };
}

/** The other side may close a connection that was idle just as a request leaves on it: the app's own clients send that once more, too. */
async function fetchAgain(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    return fetch(url, init);
  }
}

/** The parts of a transaction name the account again, and versions that only the recorded run knows. */
function bodyFor({ to, body }: Recorded, origin: string): string {
  if (to === "graph" || body === null) return body ?? "";
  return body.replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, origin).replaceAll(/^if-match: .*$/gim, "If-Match: *");
}

/** Shared Key Lite for Table Storage: HMAC over the date and the resource. */
function accountOf(connection: string) {
  const parts = new Map(connection.split(";").map((part) => [part.split("=")[0], part.slice(part.indexOf("=") + 1)]));
  const account = parts.get("AccountName") ?? "";
  const key = Buffer.from(parts.get("AccountKey") ?? "", "base64");
  return {
    origin: new URL(parts.get("TableEndpoint") ?? "").origin,
    sign(url: string) {
      const date = new Date().toUTCString();
      const text = `${date}\n/${account}${new URL(url).pathname}`;
      const signature = createHmac("sha256", key).update(text).digest("base64");
      return { "x-ms-date": date, authorization: `SharedKeyLite ${account}:${signature}` };
    },
  };
}
