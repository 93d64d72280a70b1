/** To what an audit record was done: the one object that it means, by the ids of it that can be read. Never guessed. */
import type { IdentityRef } from "../domain/identity.ts";
import { type AuditTarget, appIdOf, propertyOf } from "./audit-properties.ts";
import { asGuid, asText, type Fields, field } from "./fields.ts";

/** The object the change was done to, by one of its own ids. */
export interface Victim {
  readonly object: "application" | "servicePrincipal";
  /** null where what stands in its place is masked, malformed or missing */
  readonly objectId: string | null;
  /** what stands in its place, where that is no id */
  readonly claimedId?: string;
  /** null where the record does not name it, or names several */
  readonly appId: string | null;
  readonly claimedName: string | null;
}

/** The id, or what is written in its place; neither where there is nothing at all. */
export function idOrClaim(value: unknown): Pick<Victim, "objectId" | "claimedId"> {
  const objectId = asGuid(value);
  const claimedId = objectId === null ? asText(value) : null;
  return { objectId, ...(claimedId === null ? {} : { claimedId }) };
}

export interface About {
  readonly subject: IdentityRef;
  readonly claimedId?: string;
  readonly claimedName: string | null;
}

/** Whom the event is about: only the ids that can be read. Null: the record has neither id nor word for it. */
export function subjectOf(tenantId: string, victim: Victim): About | null {
  const { object, objectId, claimedId, appId, claimedName } = victim;
  if (objectId === null && appId === null && claimedId === undefined && claimedName === null) return null;
  const isApplication = object === "application";
  return {
    subject: {
      tenantId,
      appId,
      servicePrincipalId: isApplication ? null : objectId,
      applicationObjectId: isApplication ? objectId : null,
    },
    ...(claimedId === undefined ? {} : { claimedId }),
    claimedName,
  };
}

/** The only one, or why none can be meant. */
export type Found =
  | { readonly ok: true; readonly target: AuditTarget }
  | { readonly ok: false; readonly problem: string };

export function onlyTarget(candidates: readonly AuditTarget[], what: string): Found {
  const [target, another] = candidates;
  if (target === undefined) return { ok: false, problem: `The record has no target ${what}.` };
  if (another !== undefined) return { ok: false, problem: `The record has several targets ${what}.` };
  return { ok: true, target };
}

export function onlyOfType(targets: readonly AuditTarget[], object: Victim["object"]): Found {
  return onlyTarget(
    targets.filter(({ type }) => type === object.toLowerCase()),
    `of type ${object}`,
  );
}

/** Which kind of object an activity of either kind is about. */
export function objectOf(operation: string): Victim["object"] {
  return operation.includes("service principal") ? "servicePrincipal" : "application";
}

/** Targets of that type; those that carry the property where several do not; one without type only if it carries it. */
export function carrierOf(targets: readonly AuditTarget[], object: Victim["object"], property: string): Found {
  const carries = ({ changed }: AuditTarget) => propertyOf(changed, property) !== undefined;
  const typed = targets.filter(({ type }) => type === object.toLowerCase());
  const carriers = typed.filter(carries);
  const untyped = () => targets.filter((target) => target.type === null && carries(target));
  const candidates = carriers.length > 0 ? carriers : typed.length > 0 ? typed : untyped();
  return onlyTarget(candidates, `of type ${object}`);
}

/** The victim that a target itself is. */
export function victimAt(properties: Fields, object: Victim["object"], { fields, changed }: AuditTarget): Victim {
  const claimedName = asText(field(fields, "displayName"));
  return { object, ...idOrClaim(field(fields, "id")), appId: appIdOf(properties, changed), claimedName };
}
