/** `protect …`: what people protect at run time, beside the policy file. */
import { TerminalError } from "../../shared/domain/errors.ts";
import type { PersonsWord, TableServices } from "../../shared/engine/people/decide-by-person.ts";
import {
  type ProtectionEntry,
  protect,
  readProtectionState,
  unprotect,
} from "../../shared/engine/people/protect-by-person.ts";
import { wrongUse } from "./usage.ts";

export async function protectList(services: TableServices): Promise<readonly ProtectionEntry[]> {
  const { entries, trouble } = await readProtectionState(services);
  if (trouble !== null) throw new TerminalError(trouble, { code: "protections-altered" });
  return entries;
}

export function showProtections(entries: readonly ProtectionEntry[]): string {
  if (entries.length === 0) return "Nobody protected anything beside the policy file.";
  return entries.map(({ id, how, by, at, reason }) => `${id}  ${how}  ${by}, ${at}: ${reason}`).join("\n");
}

/** Throws TerminalError for what is no GUID, and for an id that is not on the list. */
export async function protectChange(
  services: TableServices,
  command: string,
  id: string | undefined,
  how: string | undefined,
  word: () => PersonsWord,
): Promise<string> {
  if (command !== "add" && command !== "remove") {
    throw wrongUse(`protect ${command}: there is no such command`, "protect");
  }
  if (id === undefined) throw wrongUse(`protect ${command} needs an object id or an appId`, `protect ${command}`);
  // whoever has the tables and the key is an administrator
  const person = { ...word(), roles: ["Tourniquet.Admin"] } as const;
  if (command === "remove") {
    await unprotect(services, id, person, null);
    return `${id} is not protected any more, but by what the policy file says.`;
  }
  if (how !== "never" && how !== "ask") {
    throw wrongUse("--how is missing: `never` (nobody may write to it) or `ask` (a person decides)", "protect add");
  }
  await protect(services, id, how, person, null);
  return `${id} is protected (${how}), in force within 30 s.`;
}
