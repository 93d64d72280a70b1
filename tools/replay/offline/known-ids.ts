/**
 * What records say of ids: which object belongs to which appId, and who is a managed identity. The real thing asks Graph and never
 * believes a record; nothing is done on the word of a replay.
 */
import type { IdentityRef } from "../../../shared/domain/identity.ts";
import type { AliasStore } from "../../../shared/ports/stores.ts";
import { asGuid, asText, type Fields, field, isFields, propertiesOf } from "../../../shared/records/fields.ts";
import { tenantOfRecord } from "../../../shared/records/raw-record.ts";

/** Of the exports whose records carry both ids of one service principal. */
const telling = new Set([
  "serviceprincipalsigninlogs",
  "managedidentitysigninlogs",
  "riskyserviceprincipals",
  "serviceprincipalriskevents",
]);

export interface ManagedIdentities {
  has(identity: IdentityRef): boolean;
}

export interface KnownIds extends ManagedIdentities {
  /** Both ids of a sign-in or risk record. Never throws. */
  note(record: unknown): void;
  /** The ids of a finding's subject. */
  learn(identity: IdentityRef): void;
}

const mostRemembered = 100_000;

export function createKnownIds(aliases: AliasStore, tenantId: string): KnownIds {
  const noted = new Set<string>();
  const managed = new Set<string>();
  const learn = (identity: IdentityRef) => {
    if (identity.appId !== null) void aliases.learn(identity);
  };
  return {
    has: ({ appId, servicePrincipalId }) => managed.has(appId ?? "") || managed.has(servicePrincipalId ?? ""),
    learn,
    note(record) {
      if (!isFields(record)) return;
      const category = categoryOf(record);
      if (!telling.has(category)) return;
      const properties = propertiesOf(record);
      const said = field(properties, idOf(category));
      // most records are of identities that were noted before
      if (typeof said !== "string" || noted.has(said) || tenantOfRecord(record) !== tenantId) return;
      const [appId, servicePrincipalId] = [asGuid(field(properties, "appId")), asGuid(said)];
      if (appId === null || servicePrincipalId === null || noted.has(servicePrincipalId)) return;
      if (noted.size >= mostRemembered) noted.clear();
      noted.add(servicePrincipalId);
      if (category === "managedidentitysigninlogs" && managed.size < mostRemembered) managed.add(appId);
      learn({ tenantId, appId, servicePrincipalId, applicationObjectId: null });
    },
  };
}

function categoryOf(record: Fields): string {
  return asText(field(record, "category"))?.toLowerCase() ?? "";
}

/** The summary of a risky service principal has its object id as its own. */
function idOf(category: string): string {
  return category === "riskyserviceprincipals" ? "id" : "servicePrincipalId";
}
