/** The one form that the file of a pack has. */
import { canonicalText } from "../rows/chain.ts";

/** Keys sorted, two spaces, a line feed at the end: a file of any other bytes is not the one that was signed. */
export function fileOf(pack: unknown): string {
  return `${JSON.stringify(JSON.parse(canonicalText(pack)), null, 2)}\n`;
}
