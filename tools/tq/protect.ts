/** `protect …`: what people protect at run time, beside the policy file. */
import { TerminalError } from "../../shared/domain/errors.ts";
import type { PersonsWord, TableServices } from "../../shared/engine/decide-by-person.ts";
import { listProtections, type ProtectionEntry, protect, unprotect } from "../../shared/engine/protect-by-person.ts";

export async function protectList(services: TableServices): Promise<readonly ProtectionEntry[]> {
  return listProtections(services);
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
  word: PersonsWord,
): Promise<string> {
  if (id === undefined) throw new TerminalError(`protect ${command} needs an object id or an appId`, { code: "usage" });
  if (command === "remove") {
    await unprotect(services, id);
    return `${id} is not protected any more, but by what the policy file says.`;
  }
  if (command !== "add" || (how !== "never" && how !== "ask")) {
    throw new TerminalError("protect add ID --how never|ask, or protect remove ID", { code: "usage" });
  }
  await protect(services, id, how, word);
  return `${id} is protected (${how}), in force within 30 s.`;
}
