// What a judge is shown: plain data, taken from the twin, from the clock and from what the app published.
import type { RequestEntry, Violation, WriteEntry } from "../tenant/journal.ts";
import type { Notice } from "./notice.ts";
import type { StoryIdentity } from "./story-tenant.ts";

/** Something an identity holds or held, by the story's label. */
export interface Foothold {
  /** What it is, whatever id the tenant gives it: one that was taken away and restored has the same. See footholds.ts. */
  readonly keys: readonly string[];
  /** of a secret or certificate */
  readonly keyId: string | null;
  /** of a secret: its value */
  readonly secret: string | null;
  /** of a federated credential: whom it trusts */
  readonly trust: { readonly issuer: string; readonly subject: string } | null;
}

/** An identity of the story with the ids the twin gave it. */
export interface Member {
  readonly name: string;
  /** the name that it shares with its copies; null: it has none */
  readonly crowd: string | null;
  readonly kind: StoryIdentity["kind"];
  /** object id of the service principal; empty while it is not in the tenant */
  readonly id: string;
  readonly appId: string;
  readonly applicationId: string | null;
  /** of a managed identity: its resource in Azure */
  readonly resourceId: string | null;
  readonly labels: Map<string, Foothold>;
  /** ids of assignments, grants and roles that were ever seen to be its: changes of them name it only by these */
  readonly belongings: Set<string>;
}

export type Cast = ReadonlyMap<string, Member>;

export interface IdentityState {
  /** null: the service principal is gone */
  readonly enabled: boolean | null;
  readonly deactivated: boolean;
  /** null: no risk known */
  readonly riskState: string | null;
  /** keys of all that it holds */
  readonly footholds: ReadonlySet<string>;
}

/** The tenant at one time, by identity name. */
export interface Moment {
  readonly at: number;
  readonly states: ReadonlyMap<string, IdentityState>;
}

export interface SignIn {
  readonly identity: string;
  /** label; null: a managed identity */
  readonly with: string | null;
  readonly at: number;
  /** 0: a token was issued */
  readonly errorCode: number;
}

/** All times are epoch ms. */
export interface Evidence {
  readonly cast: Cast;
  readonly tenantId: string;
  /** service principal id of the app */
  readonly runtimeId: string;
  /** when a risk record reached its hub */
  readonly riskRecords: readonly { readonly identity: string; readonly category: string; readonly at: number }[];
  readonly signIns: readonly SignIn[];
  /** what persons decided through `tq`, and `tq` accepted */
  readonly decisions: readonly { readonly identity: string; readonly decision: string; readonly at: number }[];
  /** what the story remembered, and `end` */
  readonly moments: ReadonlyMap<string, Moment>;
  readonly writes: readonly WriteEntry[];
  readonly requests: readonly RequestEntry[];
  readonly violations: readonly Violation[];
  readonly notices: readonly Notice[];
}

/** Whom a name stands for: one identity, or all of its copies. */
export function membersOf(cast: Cast, name: string): readonly Member[] {
  const own = cast.get(name);
  return own === undefined ? [...cast.values()].filter(({ crowd }) => crowd === name) : [own];
}

/** Is the request about this identity: by any of its ids, in the path or in the body. */
export function concerns(member: Member, request: { readonly path: string; readonly body?: unknown }): boolean {
  const text = `${request.path} ${JSON.stringify(request.body ?? null)}`.toLowerCase();
  const ids = [member.id, member.appId, member.applicationId, member.resourceId, ...member.belongings];
  return ids.some((id) => id !== null && id !== "" && text.includes(id.toLowerCase()));
}

/** The app's change that disabled the service principal at the twin. */
export function disablingWrite({ writes }: Pick<Evidence, "writes">, member: Member): WriteEntry | undefined {
  return writes.find(
    (write) => write.ours && write.effective && isPrincipalItself(member, write.path) && turnsOff(write.body),
  );
}

/** `/servicePrincipals/{id}`, also as an agent identity, or `/servicePrincipals(appId='…')`, and nothing below it. */
export function isPrincipalItself({ id, appId }: Member, path: string): boolean {
  const [bare = ""] = path.toLowerCase().split("?");
  const own = bare.replace(/\/(microsoft\.)?graph\.agentidentity(blueprintprincipal)?$/, "");
  return own.endsWith(`/serviceprincipals/${id}`) || own.endsWith(`/serviceprincipals(appid='${appId}')`);
}

function turnsOff(body: unknown): boolean {
  return typeof body === "object" && body !== null && "accountEnabled" in body && body.accountEnabled === false;
}
