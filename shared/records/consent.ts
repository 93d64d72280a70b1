/** Somebody consented to what an application asks for. */
import type { ScopesGranted } from "../domain/audit-events.ts";
import { newValueOf, textOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, noVictim, onlyTarget, victimAt } from "./audit-record.ts";
import { asGuid } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { addedScopes, consentTypeOf } from "./scopes.ts";

export function readConsent(record: AuditRecord): Normalised {
  // of a blocked consent the target is an application, and there is nothing yet to act on; that is not read at all
  const found = onlyTarget(
    record.targets.filter(({ type }) => type === "serviceprincipal"),
    "of type servicePrincipal",
  );
  if (!found.ok) return noVictim(record, found.problem);
  const victim = victimAt(record, "servicePrincipal", found.target);
  if (victim === null) return noVictim(record, "The id of the target of type servicePrincipal is not a GUID.");
  const { changed } = found.target;
  const isTrue = (name: string) => saysTrue(newValueOf(changed, name));
  const grants = grantsIn(newValueOf(changed, "consentaction.permissions"), victim.objectId);
  return auditEvent(record, victim, {
    type: "consented",
    onBehalfOfAll: isTrue("consentcontext.onbehalfofall") || grants.some((one) => one.consentType === "AllPrincipals"),
    appRoles: isTrue("consentcontext.isapponly"),
    risky: /risky/i.test(textOf(changed, "consentaction.reason") ?? ""),
    grants,
  });
}

function saysTrue(value: unknown): boolean {
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

// `[…] => [[Id: …, ClientId: …, PrincipalId: …, ResourceId: …, ConsentType: …, Scope: a b c(, CreatedDateTime: …)], […]]; `
// Every part is bounded, so that no text makes the search take long.
const entry =
  /ClientId: ([^,\]]{0,80}), PrincipalId: ([^,\]]{0,80}), ResourceId: ([^,\]]{0,80}), ConsentType: ([^,\]]{0,40}), Scope: ([^,\]]{0,8000})/g;
const arrow = " => ";

/** The grants after the consent, less the scopes that they had before. Another client's are left out. */
function grantsIn(permissions: unknown, clientId: string): ScopesGranted[] {
  if (typeof permissions !== "string") return [];
  const at = permissions.indexOf(arrow);
  const [before, after] = at < 0 ? ["", permissions] : [permissions.slice(0, at), permissions.slice(at + arrow.length)];
  const known = new Map(entriesIn(before, clientId).map(({ scope, grant }) => [nameOf(grant), scope]));
  return entriesIn(after, clientId).flatMap(({ scope, grant }) => {
    const scopes = addedScopes(scope, known.get(nameOf(grant)) ?? "");
    return scopes.length === 0 ? [] : [{ ...grant, scopes }];
  });
}

type Target = Omit<ScopesGranted, "scopes">;

function nameOf({ resourceId, consentType, principalId }: Target): string {
  return [resourceId, consentType, principalId].join(",");
}

function entriesIn(text: string, clientId: string): readonly { readonly scope: string; readonly grant: Target }[] {
  return [...text.matchAll(entry)].flatMap(([, client, principal, resource, consentType, scope = ""]) => {
    const resourceId = asGuid(resource);
    if (resourceId === null || asGuid(client) !== clientId) return [];
    return [
      { scope, grant: { resourceId, principalId: asGuid(principal), consentType: consentTypeOf(consentType ?? null) } },
    ];
  });
}
