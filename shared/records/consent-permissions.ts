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
const longestText = 8_000;

interface Entry {
  readonly clientId: string | null;
  readonly scope: string;
  /** null: masked or malformed */
  readonly resourceId: string | null;
  readonly principalId: string | null;
  readonly consentType: ScopesGranted["consentType"];
}

export interface Permissions {
  /** each as one would remove it */
  readonly grants: readonly ScopesGranted[];
  /** what came besides, towards nobody knows what: of grants whose API is illegible, or of a text that is written in no known way */
  readonly illegible: readonly string[];
  /** some of it is for every user */
  readonly forAll: boolean;
}

/**
 * The grants after the consent, less the scopes that they had before; of this client only, or of whomever where it is null. An entry
 * whose client cannot be read is this one's: zeros stand there while the consent itself creates the service principal.
 */
export function permissionsIn(text: unknown, clientId: string | null): Permissions {
  if (Array.isArray(text)) return withoutEntries("", text.filter((one) => typeof one === "string").join(" "));
  if (typeof text !== "string") return withoutEntries("", "");
  const at = text.indexOf(arrow);
  const [before, after] = at < 0 ? ["", text] : [text.slice(0, at), text.slice(at + arrow.length)];
  const entries = entriesIn(after);
  if (entries.length === 0) return withoutEntries(before, after);
  const isMeant = (one: Entry) => clientId === null || one.clientId === null || one.clientId === clientId;
  const known = new Map(entriesIn(before).flatMap((one) => (isMeant(one) ? [[nameOf(one), one.scope]] : [])));
  const added = entries.filter(isMeant).flatMap((one) => {
    const scopes = addedScopes(one.scope, known.get(nameOf(one)) ?? "");
    return scopes.length === 0 ? [] : [{ ...one, scopes }];
  });
  return {
    grants: added.flatMap(({ resourceId, principalId, consentType, scopes }) =>
      resourceId === null ? [] : [{ resourceId, principalId, consentType, scopes }],
    ),
    illegible: added.flatMap(({ resourceId, scopes }) => (resourceId === null ? scopes : [])),
    forAll: added.some(({ consentType }) => consentType === "AllPrincipals"),
  };
}

function withoutEntries(before: string, after: string): Permissions {
  const illegible = addedScopes(wordsIn(after), wordsIn(before));
  return { grants: [], illegible, forAll: illegible.includes("AllPrincipals") };
}

function nameOf({ clientId, resourceId, consentType, principalId }: Entry): string {
  return [clientId, resourceId, consentType, principalId].join(",");
}

function entriesIn(text: string): readonly Entry[] {
  return [...text.matchAll(entry)].map(([, client, principal, resource, consentType, scope = ""]) => ({
    clientId: asGuid(client),
    scope,
    resourceId: asGuid(resource),
    principalId: asGuid(principal),
    consentType: consentTypeOf(consentType ?? null),
  }));
}

/** Whatever may be the name of a permission. */
function wordsIn(text: string): string {
  return (text.slice(0, longestText).match(/[\w.-]{3,100}/g) ?? []).join(" ");
}
