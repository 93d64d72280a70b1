/** What every command of tq is given, and what it answers. */
import type { parseArgs } from "node:util";
import type { Connection } from "./connection.ts";
import { wrongUse } from "./usage.ts";

export const options = {
  url: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  // deciding and asking
  reason: { type: "string" },
  stage: { type: "string" },
  hash: { type: "string" },
  seen: { type: "string" },
  yes: { type: "boolean", short: "y", default: false },
  wait: { type: "boolean", default: false },
  identity: { type: "string" },
  parameters: { type: "string" },
  step: { type: "string" },
  hours: { type: "string" },
  how: { type: "string" },
  clear: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  out: { type: "string", short: "o" },
  // listing
  status: { type: "string" },
  severity: { type: "string" },
  incident: { type: "string" },
  playbook: { type: "string" },
  replayed: { type: "string" },
  use: { type: "string" },
  state: { type: "string" },
  until: { type: "string" },
  csv: { type: "boolean", default: false },
  limit: { type: "string" },
  cursor: { type: "string" },
} as const;

export type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

export interface Context {
  readonly connection: Connection;
  /** `runs approve` */
  readonly name: string;
  /** what stands after the command */
  readonly words: readonly string[];
  readonly values: Values;
  /** a line beside the answer, at once */
  say(line: string): void;
  /** null: nobody is there to be asked */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  /** where a bar may move; null: nobody watches */
  readonly screen: NodeJS.WriteStream | null;
}

export interface Answer {
  /** what the API answered */
  readonly data: unknown;
  /** the same for people */
  readonly text: string;
  /** what was asked for did not come about: exit code 1 */
  readonly failed?: boolean;
}

export type Command = (context: Context) => Promise<Answer>;

/** The one word after the command. Throws TerminalError `usage` where there is none, or another one. */
export function wordOf({ name, words }: Context, what: string, where: string): string {
  const [word, ...others] = words;
  if (word === undefined) throw wrongUse(`${name} needs ${what}; ${where}`, name);
  if (others.length > 0) throw wrongUse(`${name} takes ${what} and nothing else, not ${others.join(" ")}`, name);
  return word;
}

export function reasonOf({ name, values: { reason } }: Context): string {
  if (reason !== undefined && reason.trim() !== "") return reason.trim();
  throw wrongUse("--reason is missing: why you decide so; it is signed with the decision", name);
}

/** Which page of a listing. */
export function pageOf({ values: { limit, cursor } }: Context) {
  return { limit, cursor };
}

/** Says how to see the rest. */
export function more({ nextCursor }: { readonly nextCursor: string | null }): readonly string[] {
  return nextCursor === null ? [] : ["", `There are more: the same command with --cursor ${nextCursor}`];
}
