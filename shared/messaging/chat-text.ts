/** Makes a chat message of notices. Names in them are attacker-chosen, so nothing in it may be markup, a mention or a link. */
import type { Notice } from "../ports/outbox.ts";

const longestMessage = 600;
const mostLines = 20;

/** Chat markup, control and invisible characters fold to a space; an address loses what makes it a link. */
export function plainText(text: string): string {
  const folded = text
    .replaceAll("://", ": ")
    .replace(/[<>&*_~`[\]|\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
  return folded.length > longestMessage ? `${folded.slice(0, longestMessage - 1).toWellFormed()}…` : folded;
}

/** One line a notice. */
export function chatText(notices: readonly Notice[]): string {
  const lines = notices
    .slice(0, mostLines)
    .map(({ severity, message }) => `${severity.toUpperCase()}: ${plainText(message)}`);
  const more = notices.length - lines.length;
  return (more > 0 ? [...lines, `and ${more} more`] : lines).join("\n");
}
