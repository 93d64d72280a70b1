/** Sections against their hashes, the ledger against its chain and the sealed heads, and all of it against the signature. */
import type { EvidenceManifest, EvidencePack, SectionName } from "../../shared/domain/evidence-pack.ts";
import { sectionNames } from "../../shared/domain/evidence-pack.ts";
import type { LedgerEntry, SealedHead } from "../../shared/domain/ledger.ts";
import { keyIdIn } from "../../shared/domain/signature.ts";
import { canonicalText, checkChain, hashOfValue } from "../../shared/engine/rows/chain.ts";
import { sealedText } from "../../shared/engine/rows/seal-heads.ts";
import { holdsFor, type Keys } from "./keys.ts";
import { type Check, fails, notes, passes } from "./verdict.ts";

export function checkSections(pack: EvidencePack): Check {
  const wrong = sectionNames.filter((name) => !isHashed(pack, name));
  const [first] = wrong;
  if (first === undefined) return passes("sections", `all ${sectionNames.length} are those that the manifest names`);
  return fails(
    "sections",
    wrong.map((name) => `section ${name}`).join(", "),
    "not what the manifest's hash was made over",
  );
}

function isHashed({ manifest, ...pack }: EvidencePack, name: SectionName): boolean {
  return attempt(() => hashOfValue(pack[name])) === manifest.sections[name];
}

/** What somebody wrote may have no canonical text. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

export function checkLedger(pack: EvidencePack): Check {
  const { ledger, manifest } = pack;
  const { chain, count, head } = manifest.ledger;
  const problem = checkChain(ledger, { chain, seq: count, hash: head }, { tenantId: manifest.tenantId, chain });
  if (problem === null) return passes("ledger", `${count} entries, each hashed into the next, up to the head`);
  const since = isHashed(pack, "ledger")
    ? " (so it was already when the pack was made: the tables had been edited)"
    : "";
  return fails("ledger", entryOf(ledger, problem.seq), `${problem.message}${since}`);
}

/** Untrusted text is quoted. */
export function entryOf(ledger: readonly LedgerEntry[], seq: number): string {
  const entry = ledger.find((one) => one.seq === seq);
  return `ledger, entry ${seq}${entry === undefined ? "" : ` (${JSON.stringify(entry.event)})`}`;
}

export function checkSeals(pack: EvidencePack, keys: Keys): Check {
  const { heads, manifest } = pack;
  if (heads.length === 0) {
    return notes(
      "seals",
      "no sealed head in the pack: what was cut off before it was made, only the outcomes hub can show",
    );
  }
  const [first] = heads.flatMap((sealed) => wrongSeal(pack, manifest, keys, sealed) ?? []);
  if (first !== undefined) return first;
  const last = Math.max(...heads.map(({ seq }) => seq));
  return passes("seals", `${heads.length} sealed, the last at entry ${last} of ${manifest.ledger.count}`);
}

function wrongSeal(
  { ledger }: EvidencePack,
  { tenantId, ledger: { chain } }: EvidenceManifest,
  keys: Keys,
  sealed: SealedHead,
): Check | null {
  const isOurs = sealed.chain === chain && holdsFor(keys, sealedText(tenantId, sealed), sealed.signature);
  if (!isOurs) return fails("seals", `seal at entry ${sealed.seq}`, "not signed for this ledger by a key of the pack");
  const why = beyondOrOther(ledger, sealed);
  return why === null ? null : fails("seals", entryOf(ledger, sealed.seq), why);
}

/** Null: the head names an entry that is there. */
export function beyondOrOther(
  ledger: readonly LedgerEntry[],
  { seq, hash, at }: Pick<SealedHead, "seq" | "hash" | "at">,
): string | null {
  if (seq > ledger.length) {
    return `the head of ${at} is at entry ${seq}, and the ledger here ends with entry ${ledger.length}: its end was cut off`;
  }
  return ledger.some((entry) => entry.seq === seq && entry.hash === hash)
    ? null
    : `it is not the entry that the head of ${at} was signed over`;
}

export function checkSignature({ manifest, signature }: EvidencePack, keys: Keys): Check {
  const id = keyIdIn(signature);
  const isHeld = holdsFor(keys, attempt(() => canonicalText(manifest)) ?? "", signature);
  if (isHeld) return passes("signature", `made over the manifest with key ${id}`);
  return fails(
    "signature",
    "manifest or signature",
    "the signature was not made over this manifest with a key of the pack",
  );
}

export function checkKey({ signature }: EvidencePack, trusted: string | null): Check {
  const id = keyIdIn(signature) ?? "unknown";
  if (trusted === null) {
    const how =
      "compare it with a copy that you trust (`signingKey` of GET /api/health says the app's own), or pass --key";
    return notes("key", `signed with ${id}; anybody can make a key: ${how}`);
  }
  if (id === trusted) return passes("key", `${id} is the one that you trust`);
  return fails("key", "signature", `made with key ${id}, and you trust ${trusted}`);
}

export function checkTables({ problems }: EvidencePack): Check {
  const [first] = problems;
  if (first === undefined) return passes("tables", "the app found nothing wrong in its tables when it made the pack");
  const others = problems.length === 1 ? "" : ` (and ${problems.length - 1} more)`;
  return notes(
    "tables",
    `WARNING: the tables were edited before the pack was made: ${first.where}: ${first.what}${others}`,
  );
}
