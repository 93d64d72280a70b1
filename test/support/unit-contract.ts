/** What holds for a unit of any registry: its file, its export and its sentence. */
import { expect } from "vitest";

/** A capital first, a full stop last and nowhere else. */
export const oneSentence = /^[A-Z][^.!?]*\.$/;

export function kebab(exportName: string): string {
  return exportName.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `helpers` are the contract and what units share; every other file is one unit. */
export function expectFolderExported(
  files: readonly string[],
  helpers: readonly string[],
  exportedIds: readonly string[],
): void {
  const names = files.filter((file) => file.endsWith(".ts")).map((file) => file.replace(/\.ts$/, ""));
  const units = names.filter((name) => name !== "index" && !helpers.includes(name));
  expect([...exportedIds].sort()).toEqual(units.sort());
}
