/**
 * The tenant, as the engine sees it: read and send. Every answer is a value; neither method throws for what the cloud says.
 * Only the engine sends.
 */

/** Quota lanes of Microsoft Graph (throttling limits page) and Azure: each has its own budget, one writer saturates them. */
export type Lane =
  | "directory"
  | "directory-write"
  | "identity-protection"
  | "reports"
  | "key-credentials"
  /** Azure Resource Manager, reads and writes */
  | "azure";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** of Microsoft Graph; or `arm`: Azure Resource Manager, whose paths carry their `api-version` */
  readonly version: "v1.0" | "beta" | "arm";
  /** Below the version: `/servicePrincipals/{id}?$select=…`, built with `apiPath`, so that ids are encoded. */
  readonly path: string;
  readonly lane: Lane;
  readonly body?: Readonly<Record<string, unknown>>;
  /** `ConsistencyLevel` and `Prefer` only; the adapter adds the rest */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a collection: every page, as one answer whose `value` holds them all; without it the first page alone. */
  readonly allPages?: true;
  /** Of `pages`: the next link of an earlier answer, as it came; reading goes on there. */
  readonly from?: string;
  /** Of a collection: error codes that say the tenant can have none of it (no licence for it), answered as an empty one. */
  readonly emptyWhen?: readonly string[];
}

export interface ApiSuccess {
  readonly ok: true;
  readonly status: number;
  readonly body: unknown;
  readonly requestId: string | null;
}

export interface ApiFailure {
  readonly ok: false;
  /** 0 when no answer came */
  readonly status: number;
  /**
   * Graph's `error.code`, or ours. Never sent: `deadline` (no turn in its lane in time), `token`, `wrong-host`. Sent:
   * `network`, `timeout` (its own, or the deadline's), `aborted`, `unreadable`, `batch-incomplete`, `http-<status>` where
   * Graph gave no code. Of `pages` and `allPages`: `too-many-pages`.
   */
  readonly code: string;
  readonly message: string;
  /** Graph may answer otherwise later: 429, 5xx, 409 Directory_ConcurrencyViolation, no answer */
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  /** True when the request may have reached the server although no answer came back. */
  readonly maybeDone: boolean;
  readonly cause?: unknown;
}

export type ApiAnswer = ApiSuccess | ApiFailure;

export interface CallOptions {
  /** epoch ms: not sent later (code `deadline`), and aborted then if it is still under way (code `timeout`) */
  readonly deadlineAt: number;
  /** sent as `client-request-id`, so that our own echo can be told */
  readonly clientRequestId?: string;
  /** `x-ms-throttle-priority`; timers read with `low` */
  readonly priority?: "low" | "normal" | "high";
  /** Called when the request leaves its lane for the wire: after it, a crash may have left the change done. */
  readonly onSent?: () => void;
}

export interface OwnIdentity {
  readonly tenantId: string;
  readonly appId: string;
  readonly servicePrincipalId: string;
  /** Graph application permissions in our token (claim `roles`); null: the token does not say */
  readonly roles: readonly string[] | null;
  /** of the token that says so, epoch ms; not there where it does not say */
  readonly token?: { readonly issuedAt: number; readonly expiresAt: number };
}

export interface Tenant {
  /** Reads, in as few round trips as possible: one `$batch` (up to 20 a batch). Answers in the order of the requests. */
  read(requests: readonly ApiRequest[], options: CallOptions): Promise<readonly ApiAnswer[]>;
  /** Sends one change. Waits for its lane; retries only what the server certainly did not do (429). */
  send(request: ApiRequest, options: CallOptions): Promise<ApiAnswer>;
  /** One page after the other; a next link to another host is refused. Ends with a failure, or after the last page. */
  pages(request: ApiRequest, options: CallOptions): AsyncIterable<ApiAnswer>;
  /** Who our own access token says we are, so that we never act on ourselves. Null when it cannot be learned. */
  whoAmI(): Promise<OwnIdentity | null>;
}

/** Builds a path from encoded ids: apiPath`/servicePrincipals/${id}`. Never join strings from events by hand. */
export function apiPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((path, part, i) => path + encodeURIComponent(values[i - 1] ?? "") + part);
}

/** A string literal for an OData `$filter`, quotes doubled (OData 4.01 ABNF). */
export function odataString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
