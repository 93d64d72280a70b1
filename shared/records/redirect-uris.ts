/** Where an application's sign-ins are sent: the property `AppAddress`, a list of { AddressType, Address, … }, before and after. */
import { type AuditRecord, auditEvent, ignored, unreadable } from "./audit-record.ts";
import { changedProperty, listIn } from "./changed-property.ts";
import { asText, field, isFields } from "./fields.ts";
import type { Normalised } from "./normaliser.ts";

/** An application may have 256 of them (Microsoft identity platform, redirect URI limits). */
const mostAddresses = 1_000;

export function readRedirectUris(record: AuditRecord): Normalised {
  const change = changedProperty(record, "appaddress");
  if ("outcome" in change) return change;
  const { victim, values } = change;
  const { object, objectId } = victim;
  const [before, after] = [addressesIn(values.oldValue), addressesIn(values.newValue)];
  if (before === null || after === null) {
    const detail = `AppAddress of ${object} ${objectId ?? "that is not named"} cannot be read (cut off?).`;
    return unreadable(record, detail);
  }
  const added = [...after].filter((uri) => !before.has(uri));
  const removed = [...before].filter((uri) => !after.has(uri));
  if (added.length === 0 && removed.length === 0) return ignored("nothing-changed");
  return auditEvent(record, victim, { type: "redirect-uris-changed", object, objectId, added, removed });
}

function addressesIn(value: unknown): Set<string> | null {
  const list = listIn(value);
  if (list === "unreadable") return null;
  const addresses = (list ?? [])
    .slice(0, mostAddresses)
    .map((one) => asText(isFields(one) ? field(one, "Address") : one));
  return new Set(addresses.filter((one) => one !== null));
}
