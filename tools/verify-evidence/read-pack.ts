/** Bytes → pack: is it one, is it of our form, and are its bytes exactly those of that form. */
import { TerminalError } from "../../shared/domain/errors.ts";
import { EvidencePack, evidenceFormat } from "../../shared/domain/evidence-pack.ts";
import { fileOf } from "../../shared/engine/pack/form.ts";
import { firstDifference, firstOddLine, placeOf } from "./places.ts";
import { type Check, fails, passes } from "./verdict.ts";

export interface ReadPack {
  /** exactly as parsed, since hashes are over that; null: it cannot be read */
  readonly pack: EvidencePack | null;
  readonly check: Check;
}

/** Throws TerminalError `no-pack` for a file that never was one. */
export function readPack(bytes: Buffer): ReadPack {
  const text = bytes.toString("utf8");
  const parsed = parse(text);
  if (parsed === undefined) {
    if (!looksLikePack(text)) throw noPack("it is not JSON");
    return broken(
      placeOf(text, firstOddLine(text)),
      "from here on it is not JSON any more: bytes were changed or cut off",
    );
  }
  if (!looksLikePack(text)) throw noPack("it is JSON of some other kind");
  const checked = EvidencePack.safeParse(parsed);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return broken(pathOf(issue?.path ?? []), issue?.message ?? "it is not of its shape");
  }
  return { pack: parsed as EvidencePack, check: formOf(bytes, text, parsed) };
}

function formOf(bytes: Buffer, text: string, parsed: unknown): Check {
  const different = firstDifference(bytes, Buffer.from(rendered(parsed), "utf8"));
  if (different === null) return passes("form", `${bytes.length} bytes of ${evidenceFormat}, in its one form`);
  const what = "the bytes are not those that the app wrote: something was changed, moved or written otherwise";
  return fails("form", placeOf(text, different), what);
}

/** Half a surrogate pair, which the app never writes, has no form at all. */
function rendered(parsed: unknown): string {
  try {
    return fileOf(parsed);
  } catch {
    return "";
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function looksLikePack(text: string): boolean {
  if (/"format": ?"tourniquet-evidence\//.test(text) || text.startsWith('{\n  "findings": [')) return true;
  return text.includes('"manifest"') && text.includes('"signature"');
}

/** `ledger`, 3, `seq` → `section ledger, entry 4 (seq)`. */
function pathOf(path: readonly PropertyKey[]): string {
  const [section, at, ...rest] = path.map(String);
  if (section === undefined) return "the file";
  if (section !== "ledger" || at === undefined)
    return `section ${[section, ...(at === undefined ? [] : [at, ...rest])].join(".")}`;
  return `section ledger, entry ${Number(at) + 1}${rest.length === 0 ? "" : ` (${rest.join(".")})`}`;
}

function broken(where: string, what: string): ReadPack {
  return { pack: null, check: fails("form", where, what) };
}

function noPack(why: string): TerminalError {
  const how = "get one with GET /api/incidents/{id}/evidence and keep its bytes as they come";
  return new TerminalError(`this is no evidence pack: ${why}; ${how}`, { code: "no-pack" });
}
