/** What people protect at run time: it adds to the policy file, and takes nothing from it. */
import { ProtectionList } from "../../domain/approval.ts";
import { TerminalError } from "../../domain/errors.ts";
import { isoAt } from "../../ports/clock.ts";
import { loadSafety, readProtections, safetyRow } from "../judge/safety.ts";
import { historyMs } from "../rows/expiry.ts";
import { Draft, type Partition } from "../rows/partition.ts";
import type { PersonsWord, TableServices } from "./decide-by-person.ts";

export type ProtectionEntry = ProtectionList["entries"][number];
type Word = Pick<PersonsWord, "by" | "reason">;

/** Throws TerminalError when the list was altered: everything asks until the row is removed and the list written anew. */
export async function listProtections(services: TableServices): Promise<readonly ProtectionEntry[]> {
  return entriesIn(services, await loadSafety(services));
}

async function entriesIn(services: TableServices, partition: Partition): Promise<readonly ProtectionEntry[]> {
  const entries = await readProtections(services, partition);
  if (entries !== null) return entries;
  const message =
    "the list of what people protected was altered, or signed by another key: every plan asks until it is mended";
  throw new TerminalError(message, { code: "protections-altered" });
}

/** An id that is on the list already is written anew. */
export async function protect(
  services: TableServices,
  id: string,
  how: ProtectionEntry["how"],
  word: Word,
): Promise<void> {
  const entry = { id, how, ...word, at: isoAt(services.clock.now()) };
  await change(services, (entries) => [...entries.filter((one) => one.id !== id.toLowerCase()), entry]);
}

/** Throws TerminalError when the id is not on the list; what the policy file protects stays so. */
export async function unprotect(services: TableServices, id: string): Promise<void> {
  await change(services, (entries) => {
    const rest = entries.filter((one) => one.id !== id.toLowerCase());
    if (rest.length < entries.length) return rest;
    const message = `${id} is not on the list; what the policy file protects can be changed only there`;
    throw new TerminalError(message, { code: "not-protected" });
  });
}

async function change(
  services: TableServices,
  edit: (entries: readonly ProtectionEntry[]) => readonly ProtectionEntry[],
): Promise<void> {
  const { clock, policy, signer, stores } = services;
  const partition = await loadSafety(services);
  const entries = edit(await entriesIn(services, partition));
  const parsed = ProtectionList.safeParse({ tenantId: policy.tenantId, entries });
  if (!parsed.success) {
    throw new TerminalError("only an object id or an appId can be protected: a GUID, never a name", {
      code: "no-guid",
    });
  }
  const payload = JSON.stringify(parsed.data);
  const row = { payload, signature: await signer.sign(payload) };
  const draft = new Draft(partition).put(safetyRow.protections, row, clock.now() + 10 * historyMs);
  if (await draft.commit(stores.identities)) return;
  throw new TerminalError("somebody else changed the list at the same moment; look again", { code: "conflict" });
}
