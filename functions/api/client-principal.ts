/**
 * The header in which App Service Authentication passes on whom it let in: base64 of `{auth_typ, claims: [{typ, val}], …}`
 * (https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities). Some claims come by the long names of
 * .NET's default claim mapping and others as the token has them, so both are read; a claim with several values comes several times.
 */
import { z } from "zod";
import { type Caller, Role } from "../../shared/domain/caller.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { Guid } from "../../shared/domain/identity.ts";

export const principalHeader = "x-ms-client-principal";

const maxLength = 32 * 1024;

const Principal = z.object({
  auth_typ: z.string(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })).max(2_000),
});

const microsoft = "http://schemas.microsoft.com/identity/claims/";
const soap = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

const names = {
  objectId: ["oid", `${microsoft}objectidentifier`],
  tenantId: ["tid", `${microsoft}tenantid`],
  subject: ["sub", `${soap}nameidentifier`],
  scopes: ["scp", `${microsoft}scope`],
  roles: ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"],
  expires: ["exp"],
  idType: ["idtyp"],
  appId: ["appid", "azp"],
  userName: ["preferred_username", "upn", `${soap}upn`, "unique_name", `${soap}name`],
} as const;

export interface SignedIn {
  readonly caller: Caller;
  readonly tenantId: string;
  /** epoch ms; of the token that was presented, or of the one that opened the session */
  readonly expiresAt: number;
}

/** Throws TerminalError `bad-principal` saying what it lacks; never what it holds. */
export function readPrincipal(header: string): SignedIn {
  const { auth_typ, claims } = decode(header);
  if (auth_typ !== "aad") throw bad("it is of another identity provider than Microsoft Entra");
  const all = (kind: keyof typeof names) =>
    claims.filter(({ typ }) => (names[kind] as readonly string[]).includes(typ)).map(({ val }) => val);
  const objectId = onlyGuid(all("objectId"), "object id");
  const tenantId = onlyGuid(all("tenantId"), "tenant");
  const kind = kindOf(objectId, all("idType")[0], all("scopes").length > 0, all("subject")[0]);
  const name = (kind === "workload" ? all("appId") : all("userName"))[0] ?? null;
  const roles = Role.options.filter((role) => all("roles").includes(role));
  return { caller: { id: objectId, name, kind, roles }, tenantId, expiresAt: expiryIn(all("expires")) };
}

function decode(header: string): z.infer<typeof Principal> {
  if (header.length > maxLength) throw bad(`it is longer than ${maxLength / 1024} KiB`);
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(header)) throw bad("it is not base64");
  try {
    return Principal.parse(JSON.parse(Buffer.from(header, "base64").toString("utf8")));
  } catch {
    // the cause would quote the principal
    throw bad("it is not of the form that App Service Authentication writes");
  }
}

/** A claim that says two things says nothing. */
function onlyGuid(values: readonly string[], what: string): string {
  const [first, ...others] = new Set(values.map((value) => value.toLowerCase()));
  const id = Guid.safeParse(first);
  if (!id.success || others.length > 0) throw bad(`it names no single ${what}`);
  return id.data;
}

function expiryIn(values: readonly string[]): number {
  const [seconds] = values;
  if (values.length !== 1 || seconds === undefined || !/^\d{9,11}$/.test(seconds))
    throw bad("it does not say until when it holds");
  return Number(seconds) * 1_000;
}

/**
 * `idtyp` is an optional claim. Without it: a token for a person names scopes, and one for the application itself has its object id
 * as subject, too, while a person's subject is different for every application (access and id tokens reference).
 */
function kindOf(
  objectId: string,
  idType: string | undefined,
  hasScopes: boolean,
  subject: string | undefined,
): Caller["kind"] {
  if (idType !== undefined) return idType === "user" ? "person" : "workload";
  if (hasScopes) return "person";
  return subject === undefined || subject.toLowerCase() === objectId ? "workload" : "person";
}

function bad(why: string): TerminalError {
  const message = `the client principal cannot be used: ${why}. Sign in again for this API`;
  return new TerminalError(message, { code: "bad-principal" });
}
