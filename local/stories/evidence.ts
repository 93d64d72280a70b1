// What a judge is shown: plain data, taken from the twin, from the clock and from what the app published.
import type { RequestEntry, Violation, WriteEntry } from "../tenant/journal.ts";
import type { Notice } from "./notice.ts";

/** An identity of the story with the ids the twin gave it. */
export interface Member {
  readonly name: string;
  /** object id of the service principal */
  readonly id: string;
  readonly appId: string;
  readonly applicationId: string | null;
  /** label → key id and value */
  readonly secrets: Map<string, { readonly keyId: string; readonly secret: string }>;
}

export type Cast = ReadonlyMap<string, Member>;

export interface IdentityState {
  /** null: the service principal is gone */
  readonly enabled: boolean | null;
  /** of both objects */
  readonly secretKeyIds: readonly string[];
}

/** The tenant at one time, by identity name. */
export interface Moment {
  readonly at: number;
  readonly states: ReadonlyMap<string, IdentityState>;
}

export interface SignIn {
  readonly identity: string;
  readonly secret: string;
  readonly at: number;
  /** 0: a token was issued */
  readonly errorCode: number;
}

/** All times are epoch ms. */
export interface Evidence {
  readonly cast: Cast;
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

/** Is the request about this identity: by any of its ids, in the path or in the body. */
export function concerns(member: Member, request: { readonly path: string; readonly body?: unknown }): boolean {
  const text = `${request.path} ${JSON.stringify(request.body ?? null)}`.toLowerCase();
  return [member.id, member.appId, member.applicationId].some((id) => id !== null && text.includes(id.toLowerCase()));
}

/** The app's change that disabled the service principal at the twin. */
export function disablingWrite({ writes }: Pick<Evidence, "writes">, member: Member): WriteEntry | undefined {
  return writes.find(
    (write) => write.ours && write.effective && isPrincipalItself(member, write.path) && turnsOff(write.body),
  );
}

/** `/servicePrincipals/{id}` or `/servicePrincipals(appId='…')`, and nothing below it. */
export function isPrincipalItself({ id, appId }: Member, path: string): boolean {
  const [bare = ""] = path.toLowerCase().split("?");
  return bare.endsWith(`/serviceprincipals/${id}`) || bare.endsWith(`/serviceprincipals(appid='${appId}')`);
}

function turnsOff(body: unknown): boolean {
  return typeof body === "object" && body !== null && "accountEnabled" in body && body.accountEnabled === false;
}
