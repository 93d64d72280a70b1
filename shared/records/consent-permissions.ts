/**
 * What a consent gives, as `ConsentAction.Permissions` writes it, before and after:
 * `[…] => [[Id: …, ClientId: …, PrincipalId: …, ResourceId: …, ConsentType: …, Scope: a b c(, CreatedDateTime: …)], […]]; `
 */
import type { ScopesGranted } from "../domain/audit-events.ts";
import { asGuid } from "./fields.ts";
import { addedScopes, consentTypeOf } from "./scopes.ts";

// every part is bounded, so that no text makes the search take long
const entry =
  /ClientId: ([^,\]]{0,80}), PrincipalId: ([^,\]]{0,80}), ResourceId: ([^,\]]{0,80}), ConsentType: ([^,\]]{0,40}), Scope: ([^,\]]{0,8000})/g;
const arrow = " => ";

type Target = Omit<ScopesGranted, "scopes">;

interface Entry {
  readonly clientId: string | null;
  readonly scope: string;
  readonly grant: Target;
}

/**
 * The grants after the consent, less the scopes that they had before; of this client only, or of whomever where it is null. An entry
 * whose client cannot be read is this one's: zeros stand there while the consent itself creates the service principal.
 */
export function grantsIn(permissions: unknown, clientId: string | null): ScopesGranted[] {
  if (typeof permissions !== "string") return [];
  const at = permissions.indexOf(arrow);
  const [before, after] = at < 0 ? ["", permissions] : [permissions.slice(0, at), permissions.slice(at + arrow.length)];
  const isMeant = (one: Entry) => clientId === null || one.clientId === null || one.clientId === clientId;
  const known = new Map(entriesIn(before).flatMap((one) => (isMeant(one) ? [[nameOf(one), one.scope]] : [])));
  return entriesIn(after).flatMap((one) => {
    if (!isMeant(one)) return [];
    const scopes = addedScopes(one.scope, known.get(nameOf(one)) ?? "");
    return scopes.length === 0 ? [] : [{ ...one.grant, scopes }];
  });
}

function nameOf({ clientId, grant: { resourceId, consentType, principalId } }: Entry): string {
  return [clientId, resourceId, consentType, principalId].join(",");
}

function entriesIn(text: string): readonly Entry[] {
  return [...text.matchAll(entry)].flatMap(([, client, principal, resource, consentType, scope = ""]) => {
    const resourceId = asGuid(resource);
    if (resourceId === null) return [];
    const grant = { resourceId, principalId: asGuid(principal), consentType: consentTypeOf(consentType ?? null) };
    return [{ clientId: asGuid(client), scope, grant }];
  });
}
