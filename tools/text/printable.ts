/** Text of somebody else's choosing on a terminal: one line, and nothing that moves the cursor or turns the text around. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}

/** A name as claimed: quoted, so that everybody sees where it ends. */
export function quotedName(name: string | null): string {
  return JSON.stringify(printable(name ?? ""));
}
