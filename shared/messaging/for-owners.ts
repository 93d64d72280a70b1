/**
 * Whom a notice is for besides those who watch the channel, and where they say that what it is about is needed. Ids of GUIDs alone:
 * nothing in them is of somebody else's choosing.
 */
import { Guid } from "../domain/identity.ts";
import type { Notice } from "../ports/outbox.ts";
import type { Section } from "./approval-text.ts";
import { exactId } from "./chat-text.ts";

/** More owners than that are counted, not named. */
export const mostNamed = 10;

/** News after which somebody can still say that it is needed; after others the page would promise too much. */
const askOwners = new Set(["unused.told", "unused.disabled", "unused.sign-of-life"]);

/** Object ids in Entra, each once. */
export function recipientsOf(notices: readonly Notice[]): readonly string[] {
  const ids = notices.flatMap(({ recipients = [] }) => recipients.flatMap((id) => Guid.safeParse(id).data ?? []));
  return [...new Set(ids)];
}

/** The page where an owner can keep it, after signing in: nothing in the link is secret, and opening it changes nothing. Null: none. */
export function keepLink(publicUrl: string | null, notices: readonly Notice[]): string | null {
  const asking = notices.find(({ event, identity }) => askOwners.has(event) && identity.appId !== null);
  const id = exactId(asking?.identity.appId ?? "");
  return publicUrl === null || id === "" ? null : `${publicUrl}/api/unused/appId%3A${id}/keep`;
}

/** `how`: a phrase on how the product knows them, or does not. */
export function ownerSections(notices: readonly Notice[], how: string): readonly Section[] {
  const ids = recipientsOf(notices);
  if (ids.length === 0) return [];
  const more = ids.length - mostNamed;
  const lines = [...ids.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])];
  return [{ title: `For its owners (${how})`, lines }];
}
