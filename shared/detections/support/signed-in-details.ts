/** What findings about one token request tell of it. */
import type { EventOf } from "../../domain/event.ts";
import type { MatchDetails } from "../../domain/finding.ts";

/** `remark`: one sentence on what is new, outside or risky about it. */
export function signedInDetails(event: EventOf<"signed-in">, remark: string): MatchDetails {
  const { ipAddress, asn, country, resourceAppId, credentialKeyId, credentialType } = event;
  return { about: "signed-in", ipAddress, asn, country, resourceAppId, credentialKeyId, credentialType, remark };
}

/** The UTC day, for what is worth a finding again on another day. */
export function dayOf({ occurredAt }: EventOf<"signed-in">): string {
  return new Date(occurredAt).toISOString().slice(0, 10);
}
