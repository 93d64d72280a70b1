/** Who calls the HTTP API: a person or another workload, as App Service Authentication established it. */
import { z } from "zod";
import { Guid } from "./identity.ts";

/** App roles of our app registration, by their `value`. */
export const Role = z.enum(["Tourniquet.Reader", "Tourniquet.Operator", "Tourniquet.Approver", "Tourniquet.Admin"]);
export type Role = z.infer<typeof Role>;

export interface Caller {
  /** object id in our tenant: what tells one caller from another */
  readonly id: string;
  /** user principal name of a person, appId of a workload: for show */
  readonly name: string | null;
  readonly kind: "person" | "workload";
  readonly roles: readonly Role[];
}

/** Everybody with a role may read; an administrator may do everything; asking and approving are two roles. */
export function hasRole({ roles }: Pick<Caller, "roles">, needed: Role): boolean {
  if (roles.includes("Tourniquet.Admin")) return true;
  return needed === "Tourniquet.Reader" ? roles.length > 0 : roles.includes(needed);
}

/** `signed-in`: every account of the tenant, whatever its roles. */
export function mayCall(needed: Role | "signed-in", caller: Pick<Caller, "roles">): boolean {
  return needed === "signed-in" || hasRole(caller, needed);
}

/** As signed rows and sentences write a caller: `alice@contoso.example (object id)`. The id alone tells people apart. */
export function signatureOf({ id, name }: Pick<Caller, "id" | "name">): string {
  return name === null ? id : `${plainName(name)} (${id})`;
}

/** A name is text of somebody else's choosing: what could pass for markup, a mention or an id of ours is left out. */
function plainName(name: string): string {
  return name.replace(/[^\p{L}\p{N}@.+-]+/gu, "_").slice(0, 80);
}

/** The object id in what `signatureOf` wrote; null: it was written by a name alone. */
export function objectIdIn(signature: string): string | null {
  const id = Guid.safeParse(/(?:^|\()([0-9a-fA-F-]{36})\)?$/.exec(signature.trim())?.[1]);
  return id.success ? id.data : null;
}
