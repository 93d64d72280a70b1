/** A tenant that is its lists: served page by page with next links, as a scan reads them, and refusing what a test wants refused. */
import type { ApiAnswer, ApiFailure, ApiRequest, Tenant } from "../../shared/ports/tenant.ts";
import { self, tenantId } from "./harness-cast.ts";

export const day = 24 * 3600_000;

export interface Listed {
  readonly appId: string;
  readonly principalId: string;
  readonly objectId: string;
}

type Item = Readonly<Record<string, unknown>>;

/** The nth of the identities of a test. */
export function listed(n: number): Listed {
  const id = (kind: number) => `${kind}0000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return { appId: id(1), principalId: id(2), objectId: id(3) };
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

export interface ListFault {
  readonly path: RegExp;
  /** only where a next link is followed */
  readonly onLink?: boolean;
  times: number;
  readonly answer: Partial<ApiFailure>;
}

export class ListedTenant implements Tenant {
  readonly lists = {
    servicePrincipals: [] as Item[],
    applications: [] as Item[],
    oauth2PermissionGrants: [] as Item[],
    appRoleAssignedTo: [] as Item[],
    roleAssignments: [] as Item[],
    servicePrincipalSignInActivities: [] as Item[],
    appCredentialSignInActivities: [] as Item[],
  };
  /** owners by object id; whoever else is read has none */
  readonly owners = new Map<string, Item[]>();
  /** who is assigned to a service principal */
  readonly assigned = new Map<string, Item[]>();
  readonly held = new Map<string, Item[]>();
  readonly faults: ListFault[] = [];
  /** `servicePrincipals 0`: list and page, as often as they were served */
  readonly served: string[] = [];
  readonly writes: string[] = [];
  /** before each page and each read */
  beforeCall: (name: string) => void | Promise<void> = () => undefined;
  pageSize = 3;

  /** A home application with a service principal and a row in the report; `usedAt` null: no row. */
  add(n: number, usedAt: number | null, change: { principal?: Item; application?: Item } = {}): Listed {
    const one = listed(n);
    const name = {
      displayName: `app ${n}`,
      signInAudience: "AzureADMyOrg",
      tags: [],
      passwordCredentials: [],
      keyCredentials: [],
    };
    this.lists.servicePrincipals.push({
      ...name,
      id: one.principalId,
      appId: one.appId,
      accountEnabled: true,
      appOwnerOrganizationId: tenantId,
      servicePrincipalType: "Application",
      preferredSingleSignOnMode: null,
      loginUrl: null,
      replyUrls: [],
      ...change.principal,
    });
    this.lists.applications.push({
      ...name,
      id: one.objectId,
      appId: one.appId,
      createdDateTime: "2023-01-01T00:00:00Z",
      ...change.application,
    });
    if (usedAt !== null) this.use(n, usedAt);
    return one;
  }

  /** The report's row says that it asked for a token then. */
  use(n: number, at: number): void {
    const rows = this.lists.servicePrincipalSignInActivities;
    const { appId } = listed(n);
    const old = rows.findIndex((row) => row.appId === appId);
    const used = { lastSignInDateTime: new Date(at).toISOString() };
    const row = { appId, lastSignInActivity: used, applicationAuthenticationClientSignInActivity: used };
    rows.splice(old === -1 ? rows.length : old, old === -1 ? 0 : 1, row);
  }

  async *pages(request: ApiRequest): AsyncIterable<ApiAnswer> {
    const list = /(\w+)\?/.exec(request.path)?.[1] as keyof ListedTenant["lists"];
    for (let page = Number(/skip=(\d+)/.exec(request.from ?? "")?.[1] ?? 0); ; page += 1) {
      await this.beforeCall("tenant.pages");
      const fault = this.#faultOn(request.path, page > 0);
      if (fault !== null) {
        yield { ...failure, ...fault.answer };
        return;
      }
      this.served.push(`${list} ${page}`);
      const from = page * this.pageSize;
      const value = this.lists[list].slice(from, from + this.pageSize);
      const isLast = from + this.pageSize >= this.lists[list].length;
      const link = isLast
        ? {}
        : { "@odata.nextLink": `https://graph.test/${request.version}/${list}?skip=${page + 1}` };
      yield { ok: true, status: 200, body: structuredClone({ value, ...link }), requestId: null };
      if (isLast) return;
    }
  }

  async read(requests: readonly ApiRequest[]): Promise<readonly ApiAnswer[]> {
    await this.beforeCall("tenant.read");
    return requests.map(({ path }): ApiAnswer => {
      const fault = this.#faultOn(path, false);
      if (fault !== null) return { ...failure, ...fault.answer };
      const [, byId, byAppId, rest] = /^\/\w+(?:\/([^/?]+)|\(appId='([^']+)'\))\/?(\w*)/.exec(path) ?? [];
      const id = byId ?? this.lists.applications.find(({ appId }) => appId === byAppId)?.id;
      const body = rest ? { value: this.#under(rest).get(String(id)) ?? [] } : this.#object(String(id));
      return { ok: true, status: 200, body, requestId: null };
    });
  }

  #under(navigation: string): ReadonlyMap<string, Item[]> {
    return navigation === "owners" ? this.owners : navigation === "appRoleAssignedTo" ? this.assigned : this.held;
  }

  #object(id: string): Item | undefined {
    return [...this.lists.servicePrincipals, ...this.lists.applications].find((one) => one.id === id);
  }

  #faultOn(path: string, isLink: boolean): ListFault | null {
    const fault = this.faults.find((one) => one.times > 0 && one.path.test(path) && (one.onLink ?? isLink) === isLink);
    if (fault !== undefined) fault.times -= 1;
    return fault ?? null;
  }

  async send(request: ApiRequest): Promise<ApiAnswer> {
    this.writes.push(`${request.method} ${request.path}`);
    return failure;
  }

  async whoAmI() {
    return self;
  }
}
