/** The identity's own objects as the snapshot shows them, and lists that are only used when they are whole. */
import { z } from "zod";
import { RetryableError, TerminalError } from "../domain/errors.ts";
import { Guid, type IdentityKind } from "../domain/identity.ts";
import type { ApiRequest } from "../ports/tenant.ts";
import type { Snapshot } from "./action.ts";
import { existsRead, type OwnObject, ownObjectRead } from "./foothold-reads.ts";

const Own = z.object({ id: Guid }).nullable();

/** Its id; null: Graph says it is not there. @throws TerminalError when it is another object than the identity's. */
export function ownObjectId(object: OwnObject, snapshot: Snapshot): string | null {
  const { identity } = snapshot;
  const found = Own.parse(snapshot.body(ownObjectRead(object, identity)))?.id ?? null;
  const known = object === "application" ? identity.applicationObjectId : identity.servicePrincipalId;
  if (found !== null && known !== null && found !== known) {
    throw new TerminalError(`Graph answered for ${object} ${known} with ${found}`, { code: "wrong-object" });
  }
  return found;
}

export function pageOf<T extends z.ZodType>(Item: T) {
  return z.object({ value: z.array(Item), "@odata.nextLink": z.string().nullish() });
}

interface Page<T> {
  value: T[];
  "@odata.nextLink"?: string | null | undefined;
}

/**
 * Everything in a collection of an object that is there.
 * @throws RetryableError when the answer is not the whole list: what was not seen must not count as gone.
 */
export function wholeList<T>(Shape: z.ZodType<Page<T>>, snapshot: Snapshot, request: ApiRequest): readonly T[] {
  const [path] = request.path.split("?");
  const body = snapshot.body(request);
  if (body === null) {
    throw new RetryableError(`the object was found and ${path} was not`, { code: "replica-lag" });
  }
  const page = Shape.parse(body);
  if (page["@odata.nextLink"]) throw new RetryableError(`${path} has more pages`, { code: "more-pages" });
  return page.value;
}

/** Null: the object that the receipt names is still there. Else one sentence, why nothing can be put back. */
export function goneSince(object: OwnObject, id: string, snapshot: Snapshot): string | null {
  return ownObjectId(object, snapshot) === id ? null : `${object} ${id} is not there any more`;
}

interface OtherEnd {
  readonly collection: Parameters<typeof existsRead>[0];
  readonly id: string;
}

/**
 * What of a receipt has its other end still, and one phrase for each other end that is gone: that part has nowhere to return to.
 * Where nothing can return, a conflict: somebody may restore the other end, and ask again.
 */
export function withOtherEnd<T>(
  removed: readonly T[],
  otherEnd: (one: T) => OtherEnd,
  snapshot: Snapshot,
): { readonly returning: readonly T[]; readonly missing: readonly string[] } | { readonly conflict: string } {
  const isGone = ({ collection, id }: OtherEnd) => snapshot.body(existsRead(collection, id)) === null;
  const gone = removed.map(otherEnd).filter(isGone);
  const missing = [...new Set(gone.map(({ collection, id }) => `${id} of ${collection} is not there any more`))];
  const returning = removed.filter((one) => !isGone(otherEnd(one)));
  return returning.length === 0 && missing.length > 0 ? { conflict: missing.join("; ") } : { returning, missing };
}

/**
 * Every kind that holds permissions of its own. Not Microsoft's own service principals, which are never emptied, and nothing
 * that we do not know.
 */
export function holdsPermissions(kind: IdentityKind): boolean {
  return kind !== "microsoft-first-party" && kind !== "unknown";
}
