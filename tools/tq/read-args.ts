/** The words of a command line and its options. */
import { parseArgs } from "node:util";
import { options, type Values } from "./command.ts";

/** An id may begin with a dash (base64url), and no option is as long as one: it is read as what it is, wherever it stands. */
const idWithDash = /^-[\w-]{21}$/;
const mark = "\u0000";

/** Throws TypeError of parseArgs for an option that nobody knows, and for one without its value. */
export function readArgs(args: readonly string[]): { readonly words: readonly string[]; readonly values: Values } {
  const marked = args.map((arg) => (idWithDash.test(arg) ? `${mark}${arg}` : arg));
  const { values, positionals } = parseArgs({ args: marked, options, allowPositionals: true });
  const plain = Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? bare(value) : value]);
  return { words: positionals.map(bare), values: Object.fromEntries(plain) as Values };
}

function bare(word: string): string {
  return word.startsWith(mark) ? word.slice(mark.length) : word;
}
