/** Client principals as App Service Authentication writes them, for people and for workloads. */
import type { Caller, Role } from "../../shared/domain/caller.ts";
import { tenantId } from "./harness-cast.ts";

export interface Claim {
  readonly typ: string;
  readonly val: string;
}

/** Somebody with these roles (`Approver` or whole); the object id is made of the number. */
export function callerWith(roles: readonly Role[], n = 1, kind: Caller["kind"] = "person"): Caller {
  const id = `cccccccc-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return { id, name: kind === "person" ? `person${n}@contoso.example` : id.replace(/^c+/, "dddddddd"), kind, roles };
}

const microsoft = "http://schemas.microsoft.com/identity/claims/";
const soap = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

/** What a token of v1.0 becomes: long names for most, the rest as in the token. `expiresAt` in epoch ms. */
export function claimsOf(caller: Caller, expiresAt: number, tenant: string = tenantId): Claim[] {
  const isPerson = caller.kind === "person";
  const claims: readonly (readonly [string, string])[] = [
    ["aud", "api://tourniquet"],
    ["iss", `https://sts.windows.net/${tenant}/`],
    ["exp", String(Math.floor(expiresAt / 1000))],
    ["appid", isPerson ? "04b07795-8ddb-461a-bbee-02f9e1bf7b46" : (caller.name ?? caller.id)],
    [`${microsoft}objectidentifier`, caller.id],
    [`${microsoft}tenantid`, tenant],
    [`${soap}nameidentifier`, isPerson ? "pairwise-subject" : caller.id],
    ...(isPerson ? ([[`${microsoft}scope`, "user_impersonation"]] as const) : []),
    ...(isPerson && caller.name !== null ? ([[`${soap}upn`, caller.name]] as const) : []),
    ...caller.roles.map((role) => ["roles", role] as const),
  ];
  return claims.map(([typ, val]) => ({ typ, val }));
}

/** The header's value. */
export function principalOf(claims: readonly Claim[], authType = "aad"): string {
  const principal = {
    auth_typ: authType,
    claims,
    name_typ: `${soap}name`,
    role_typ: "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
  };
  return Buffer.from(JSON.stringify(principal)).toString("base64");
}
