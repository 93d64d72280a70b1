/** A tenant in memory behind the `Tenant` port: it notes every write, lags when told, loses replies, refuses and pretends. */
import type { Clock } from "../../shared/ports/clock.ts";
import type { ApiAnswer, ApiFailure, ApiRequest, Tenant } from "../../shared/ports/tenant.ts";
import { type Directory, emptyDirectory, type Reply, readFrom, writeTo } from "./harness-directory.ts";

export interface Write {
  /** `PATCH /servicePrincipals/{id} {"accountEnabled":false}` */
  readonly line: string;
  readonly at: number;
  /** false: the directory was the same before and after */
  readonly effective: boolean;
}

export interface Fault {
  readonly method?: ApiRequest["method"];
  readonly path: string | RegExp;
  /** how often; for ever without it */
  times?: number;
  /** `lost-reply`: applied, no answer. `no-effect`: 204, nothing changed. Else the answer, and nothing is done. */
  readonly answer: "lost-reply" | "no-effect" | Partial<ApiFailure>;
}

const failure: ApiFailure = {
  ok: false,
  status: 503,
  code: "http-503",
  message: "made up by a test",
  retryable: true,
  retryAfterMs: null,
  requestId: null,
  maybeDone: false,
};

/** No answer came, and nobody knows whether it was done. */
const lost: ApiFailure = { ...failure, status: 0, code: "network", message: "connection reset", maybeDone: true };

export const throttled: Partial<ApiFailure> = { status: 429, code: "TooManyRequests", retryAfterMs: 10_000 };
export const unlicensed: Partial<ApiFailure> = { status: 403, code: "Forbidden", retryable: false };

export class FakeTenant implements Tenant {
  readonly writes: Write[] = [];
  readonly faults: Fault[] = [];
  /** reads show what was true this long ago */
  lagMs = 0;
  reads = 0;
  self: Awaited<ReturnType<Tenant["whoAmI"]>> = null;
  readonly #clock: Clock;
  #directory: Directory = emptyDirectory();
  /** of the directory as it is; null: not known since the last change */
  #text: string | null = null;
  /** as text: what it was before each change */
  #history: { readonly at: number; readonly directory: string }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How to put it back to what it is now, as often as wanted. */
  bookmark(): () => void {
    const [directory, history, writes] = [structuredClone(this.#directory), [...this.#history], [...this.writes]];
    const [faults, { reads, self, lagMs }] = [structuredClone(this.faults), this];
    return () => {
      this.#directory = structuredClone(directory);
      this.#text = null;
      this.#history = [...history];
      this.writes.splice(0, this.writes.length, ...writes);
      this.faults.splice(0, this.faults.length, ...structuredClone(faults));
      Object.assign(this, { reads, self, lagMs });
    };
  }

  /** Grows with whatever changes it. */
  get version(): number {
    return this.#history.length;
  }

  /** The truth now; change it with `change` only. */
  get directory(): Directory {
    return structuredClone(this.#directory);
  }

  /** Somebody changes the directory; readers see it when the lag is over. */
  change(edit: (directory: Directory) => void): void {
    this.#history.push({ at: this.#clock.now(), directory: this.#asText() });
    this.#text = null;
    edit(this.#directory);
  }

  async read(requests: readonly ApiRequest[]): Promise<readonly ApiAnswer[]> {
    this.reads += 1;
    const seen = this.#visible();
    return requests.map((request) => {
      const fault = this.#faultOf(request);
      if (fault !== null && typeof fault.answer === "object") return { ...failure, ...fault.answer };
      return answerOf(structuredClone(readFrom(seen, request)), null);
    });
  }

  async send(request: ApiRequest): Promise<ApiAnswer> {
    const fault = this.#faultOf(request);
    if (fault !== null && typeof fault.answer === "object") return { ...failure, ...fault.answer };
    const line = `${request.method} ${request.path} ${JSON.stringify(request.body ?? null)}`;
    const before = this.#asText();
    this.#history.push({ at: this.#clock.now(), directory: before });
    const reply: Reply = fault?.answer === "no-effect" ? { status: 204 } : writeTo(this.#directory, request);
    this.#text = null;
    this.writes.push({ line, at: this.#clock.now(), effective: this.#asText() !== before });
    if (fault?.answer === "lost-reply") return lost;
    return answerOf(reply, `request-${this.writes.length}`);
  }

  async *pages(request: ApiRequest): AsyncIterable<ApiAnswer> {
    for (const answer of await this.read([request])) yield answer;
  }

  async whoAmI() {
    return this.self;
  }

  #asText(): string {
    this.#text ??= JSON.stringify(this.#directory);
    return this.#text;
  }

  #visible(): Directory {
    const at = this.#clock.now() - this.lagMs;
    // what was replaced after that moment was still to be seen then
    const old = this.lagMs === 0 ? undefined : this.#history.find((one) => one.at > at);
    return old === undefined ? this.#directory : JSON.parse(old.directory);
  }

  #faultOf({ method, path }: ApiRequest): Fault | null {
    const found = this.faults.find((fault) => {
      if (fault.times === 0 || (fault.method ?? method) !== method) return false;
      return typeof fault.path === "string" ? path.includes(fault.path) : fault.path.test(path);
    });
    if (found?.times !== undefined) found.times -= 1;
    return found ?? null;
  }
}

function answerOf({ status, code = `http-${status}`, body = null }: Reply, requestId: string | null): ApiAnswer {
  if (status < 300) return { ok: true, status, body, requestId };
  return { ...failure, status, code, retryable: false };
}
