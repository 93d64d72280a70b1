/** An export of privileged objects by EntraOps, beside the policy: which of them are ControlPlane, that is tier 0. */
import { z } from "zod";
import { Guid } from "../domain/identity.ts";
import type { YamlSource } from "./yaml-source.ts";
import { parseYaml } from "./yaml-source.ts";

const tierZero = "ControlPlane";

/** `Get-EntraOpsPrivilegedEAM` writes one entry an object; what a human tagged it and what its roles make of it, both count. */
const Entry = z.looseObject({
  ObjectId: Guid,
  EAMTierLevelName: z.string().nullish(),
  ObjectAdminTierLevelName: z.string().nullish(),
  Classification: z
    .union([
      z.array(z.looseObject({ AdminTierLevelName: z.string().nullish() })),
      z.looseObject({ AdminTierLevelName: z.string().nullish() }),
    ])
    .nullish(),
});
type Entry = z.output<typeof Entry>;

export interface TierFile {
  /** object ids */
  readonly tier0: readonly string[];
  /** `file:line:column what is there; what was expected` */
  readonly problems: readonly string[];
}

/** Reads its text; JSON is YAML, so that every mistake has its line. `fileName` is only shown. */
export function readTierFile(text: string, fileName: string): TierFile {
  const source = parseYaml(text);
  const at = (path: readonly (string | number)[]) => {
    const { line, column } = source.placeOf(path, "value");
    return `${fileName}:${line}:${column}`;
  };
  const syntax = source.syntaxErrors.map(
    ({ place, text: why }) => `${fileName}:${place.line}:${place.column} no valid JSON: ${why}`,
  );
  if (syntax.length > 0) return { tier0: [], problems: syntax };
  const entries = Array.isArray(source.value) ? source.value : null;
  if (entries === null)
    return { tier0: [], problems: [`${at([])} expected a list of privileged objects as EntraOps exports it`] };
  const read = entries.map((entry, index) => readEntry(entry, index, source, at));
  return {
    tier0: read.flatMap((one) => ("entry" in one && isTierZero(one.entry) ? [one.entry.ObjectId] : [])),
    problems: read.flatMap((one) => ("problem" in one ? [one.problem] : [])),
  };
}

type Read = { readonly entry: Entry } | { readonly problem: string };

function readEntry(
  value: unknown,
  index: number,
  source: YamlSource,
  at: (path: readonly (string | number)[]) => string,
): Read {
  if (!source.placeOf([index, "TierLevelDefinition"], "value").missing) {
    const problem = "this classifies permissions, which is built in; expected the export of privileged objects";
    return { problem: `${at([index])} ${problem} (PrivilegedEAM/…/*.json)` };
  }
  const parsed = Entry.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = [index, ...(issue?.path ?? [])].map((part) => (typeof part === "number" ? part : String(part)));
    return {
      problem: `${at(path)} ${path.join(".")}: ${issue?.message ?? "not of its shape"}; expected an object with ObjectId, a GUID`,
    };
  }
  if (tiersOf(parsed.data).length > 0) return { entry: parsed.data };
  return { problem: `${at([index])} no tier is named; expected ObjectAdminTierLevelName or Classification` };
}

function tiersOf({ EAMTierLevelName, ObjectAdminTierLevelName, Classification }: Entry): readonly string[] {
  const classified = [Classification ?? []].flat().map((one) => one.AdminTierLevelName);
  return [EAMTierLevelName, ObjectAdminTierLevelName, ...classified].filter((tier) => typeof tier === "string");
}

function isTierZero(entry: Entry): boolean {
  return tiersOf(entry).includes(tierZero);
}
