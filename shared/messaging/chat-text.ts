/** Text for chats. Names in it are attacker-chosen, so nothing of it may be markup, a mention or a link. */
import type { Notice, Standing } from "../ports/outbox.ts";

const longestMessage = 600;

/** For where nothing is parsed: control and invisible characters fold to a space; an address loses what makes it a link. */
export function safeText(text: string, longest = longestMessage): string {
  const folded = text
    .replaceAll("://", ": ")
    .replace(/\b(www)\.(?=\S)/giu, "$1 ")
    .replace(/[<>&\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
  return folded.length > longest ? `${folded.slice(0, longest - 1).toWellFormed()}…` : folded;
}

/** For where chat markup is parsed: neither that nor a mention is left. The `@` of an address is none. */
export function plainText(text: string, longest = longestMessage): string {
  const bare = text.replace(/[*_~`[\]|]+/gu, " ").replace(/(?<![\p{L}\p{N}])@+/gu, "(at)");
  return safeText(bare, longest);
}

/** An id of ours or of Graph, exactly: no other character can be part of one. */
export function exactId(id: string): string {
  return id.replace(/[^\w-]+/g, "").slice(0, 80);
}

/** `HIGH: …`, with `PAGE` before it where somebody is woken for it. */
export function lineOf({ severity, urgency, message }: Notice, longest = longestMessage): string {
  return `${urgency === "page" ? "PAGE · " : ""}${severity.toUpperCase()}: ${safeText(message, longest)}`;
}

const words: Record<Standing["status"], string> = {
  open: "OPEN",
  contained: "CONTAINED",
  closed: "CLOSED",
  none: "NOTICE",
};

/** Our own words alone: how it stands and how grave it is. */
export function stateOf({ status, severity }: Standing): string {
  return `${words[status]} · ${plainText(severity.toUpperCase(), 20)}`;
}

/** Ids first, the claimed name quoted and last. */
export function subjectLines({ identity, claimedName }: Standing, thread: string): readonly string[] {
  const { appId, servicePrincipalId } = identity;
  return [
    ...(servicePrincipalId === null ? [] : [`Service principal: ${exactId(servicePrincipalId)}`]),
    ...(appId === null ? [] : [`appId: ${exactId(appId)}`]),
    `Incident or identity: ${safeText(thread, 120)}`,
    ...(claimedName === null ? [] : [`Name as claimed: ${JSON.stringify(safeText(claimedName, 80))}`]),
  ];
}

export function isUrgent({ urgency }: Notice): boolean {
  return urgency !== "digest";
}
