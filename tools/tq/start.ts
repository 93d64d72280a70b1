/** `runs start …` and `playbooks`: what a person may start by hand, and the asking. */
import type { PersonsWord, TableServices } from "../../shared/engine/people/decide-by-person.ts";
import { manualPlaybooks, requestStart, type Started } from "../../shared/engine/people/start-by-person.ts";
import { wrongUse } from "./usage.ts";

export interface ListedPlaybook {
  readonly id: string;
  readonly summary: string;
  /** null: every kind */
  readonly kinds: readonly string[] | null;
}

export function listPlaybooks(): readonly ListedPlaybook[] {
  return manualPlaybooks().map(({ id, summary, kinds = null }) => ({ id, summary, kinds }));
}

export function showPlaybooks(listed: readonly ListedPlaybook[]): string {
  return listed
    .map(({ id, summary, kinds }) => `${id}\n  ${summary}\n  for: ${kinds?.join(", ") ?? "every kind"}`)
    .join("\n");
}

/** Throws TerminalError for an unknown playbook, for what is no id, and for a missing identity. */
export function start(
  services: TableServices,
  playbook: string,
  identity: string | undefined,
  word: PersonsWord,
): Promise<Started> {
  if (identity !== undefined) return requestStart(services, playbook, identity, word);
  throw wrongUse(
    "--identity is missing: appId:GUID, or the object id of a service principal or an application",
    "runs start",
  );
}

export function showStarted({ identity, request }: Started): string {
  const { playbook, by } = request;
  return `${playbook} is asked for by ${by} for ${identity}; the writer is woken within 10 s, and the plan then waits for somebody else (\`runs list\`). Where a plan of the same incident is to do it already, none is added.`;
}
