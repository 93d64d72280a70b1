/** Who acts in the tests of the twin. */
import type { Actor } from "../../../local/tenant/types.ts";

export const mallory: Actor = {
  kind: "user",
  id: "e4c722ac-3b83-478d-8f52-c388885dc30f",
  userPrincipalName: "mallory@contoso.example",
  ipAddress: "203.0.113.9",
};

export const mailRead = "810c84a8-4a9e-49e6-bf7d-12d183f40d01";

// biome-ignore lint/suspicious/noExplicitAny: records are judged field by field
type Loose = any;

/** The audit records so far: activity, and what they say of each target. */
export function audits(records: readonly { readonly record: Loose }[]): Loose[] {
  return records.filter(({ record }) => record.category === "AuditLogs").map(({ record }) => record.properties);
}

export function activities(records: readonly { readonly record: Loose }[]): string[] {
  return audits(records).map((one) => one.activityDisplayName);
}

/** A modified property's values, out of their JSON. */
export function property(target: Loose, name: string): { readonly old: Loose; readonly now: Loose } {
  const found = target.modifiedProperties.find((one: Loose) => one.displayName === name);
  const parse = (text: string | null | undefined): Loose => (text == null ? undefined : JSON.parse(text));
  return { old: parse(found?.oldValue), now: parse(found?.newValue) };
}
