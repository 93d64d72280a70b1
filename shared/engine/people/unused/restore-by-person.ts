/** A person brings back what was retired, or looks at what would come back. */
import { previewRestore, type RestorePreview, requestRestore } from "../../unused/life/restore.ts";
import type { PersonsWord, TableServices } from "../find-plan.ts";
import { nameIdentity } from "./find-unused.ts";

export interface Restored extends RestorePreview {
  /** null: a dry run */
  readonly planId: string | null;
}

/** Throws what `requestRestore` throws, and `no-guid`. */
export async function restoreByPerson(
  services: TableServices,
  id: string,
  word: PersonsWord,
  dryRun: boolean,
): Promise<Restored> {
  const { partition } = await nameIdentity(services, id);
  if (dryRun) return { ...(await previewRestore(services, partition.key)), planId: null };
  return requestRestore(services, partition.key, word);
}
