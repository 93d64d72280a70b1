/** Talks to a twin as any HTTP client would: token from its identity endpoint, then fetch. */
import type { TwinOptions } from "../../../local/tenant/options.ts";
import type { Twin } from "../../../local/tenant/twin.ts";
import { createTenantTwin } from "../../../local/tenant/twin.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of a foreign service, judged field by field
  readonly body: any;
}

export interface Asker {
  readonly twin: Twin;
  readonly records: { readonly hub: string; readonly record: Readonly<Record<string, unknown>> }[];
  /** path with version, e.g. `/v1.0/servicePrincipals` */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export async function tokenOf(twin: Twin, resource = "https://graph.microsoft.com"): Promise<string> {
  const url = `${twin.identityEndpoint}?resource=${resource}&api-version=2019-08-01`;
  const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": twin.identityHeader } });
  const body = (await answer.json()) as { access_token: string };
  return body.access_token;
}

export async function startAsker(options: TwinOptions = {}): Promise<Asker> {
  const records: { hub: string; record: Readonly<Record<string, unknown>> }[] = [];
  const twin = await createTenantTwin({ onRecord: (hub, record) => records.push({ hub, record }), ...options });
  const token = await tokenOf(twin);
  records.length = 0;
  return {
    twin,
    records,
    async ask(method, path, body, headers = {}) {
      const type = body === undefined ? {} : { "Content-Type": "application/json" };
      const url = path.startsWith("http") ? path : `${twin.graphUrl}${path}`;
      const answer = await fetch(url, {
        method,
        headers: { Authorization: `Bearer ${token}`, ...type, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
    },
  };
}
