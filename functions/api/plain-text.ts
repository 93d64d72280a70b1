/** What others wrote, fit for an answer or a log line: one line, bounded, without what could change how the rest is read. */

/** Control characters, line ends, and marks that turn the direction of text or cannot be seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

export function plainText(text: string, maxLength: number): string {
  const plain = text.replace(unseen, " ");
  return plain.length <= maxLength ? plain : `${plain.slice(0, maxLength - 1).toWellFormed()}…`;
}
