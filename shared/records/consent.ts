/** Somebody consented to what an application asks for, or wanted to and was stopped because the application is risky. */
import { detailOf, newValueOf, textOf, truthOf } from "./audit-properties.ts";
import { type AuditRecord, auditEvent, ignored, noVictim } from "./audit-record.ts";
import { permissionsIn } from "./consent-permissions.ts";
import { asGuid, asText, type Fields, field } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";
import { scopesIn } from "./scopes.ts";
import { carrierOf, onlyTarget, type Victim, victimAt } from "./victim.ts";

export function readConsent(record: AuditRecord): Normalised {
  const found = carrierOf(record.targets, "servicePrincipal", "consentaction.permissions");
  if (!found.ok) return noVictim(record, found.problem);
  const victim = victimAt(record.properties, "servicePrincipal", found.target);
  const { changed } = found.target;
  const isTrue = (name: string) => truthOf(newValueOf(changed, name)) === true;
  const { grants, illegible, forAll } = permissionsIn(
    newValueOf(changed, "consentaction.permissions"),
    victim.objectId,
  );
  return auditEvent(record, victim, {
    type: "consented",
    onBehalfOfAll: isTrue("consentcontext.onbehalfofall") || forAll,
    appRoles: isTrue("consentcontext.isapponly"),
    risky: /risky/i.test(textOf(changed, "consentaction.reason") ?? ""),
    grants: [...grants],
    ...(illegible.length > 0 ? { illegibleScopes: [...illegible] } : {}),
  });
}

/** The record of a consent that failed. Only where Microsoft stopped it: people fail at consents all day. */
export function readBlockedConsent(record: AuditRecord): Normalised {
  const candidates = record.targets.filter(({ type }) => type === "application" || type === "serviceprincipal");
  const found = onlyTarget(candidates, "of type application or servicePrincipal");
  const changed = found.ok ? found.target.changed : [];
  const reason = reasonsOf(record, changed).find((one) => /risky/i.test(one));
  if (reason === undefined) return ignored("activity-failed");
  if (!found.ok) return noVictim(record, found.problem);
  const isPrincipal = found.target.type === "serviceprincipal";
  const victim = victimAt(record.properties, isPrincipal ? "servicePrincipal" : "application", found.target);
  const { grants, illegible } = permissionsIn(newValueOf(changed, "consentaction.permissions"), null);
  // there may be no service principal yet, and the client id is then all zero
  const scopes = scopesIn([...grants.flatMap((one) => one.scopes), ...illegible].join(" "));
  return auditEvent(record, isPrincipal ? victim : byAppId(victim, asGuid(detailOf(record.properties, "appid"))), {
    type: "consent-blocked",
    reason,
    scopes: [...scopes],
  });
}

/** What says why it failed: a sentence, or the name of an exception. */
function reasonsOf({ properties, raw }: AuditRecord, changed: readonly Fields[]): string[] {
  return [
    textOf(changed, "consentaction.reason"),
    asText(field(properties, "resultReason")),
    textOf(changed, "methodexecutionresult."),
    textOf(changed, "methodexecutionresult"),
    asText(field(raw.record, "resultDescription")),
  ].filter((one) => one !== null);
}

/** The application is most often another tenant's: the target's id is then no application object of ours, and its kind is unknown. */
function byAppId(victim: Victim, detail: string | null): Victim {
  const appId = victim.appId ?? detail;
  return appId === null ? victim : { ...victim, appId, objectId: null };
}
