/** Whatever is changed in an evidence file is found, and named. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { TerminalError } from "../../../shared/domain/errors.ts";
import type { EvidencePack } from "../../../shared/domain/evidence-pack.ts";
import type { LedgerEntry } from "../../../shared/domain/ledger.ts";
import { fileOf } from "../../../shared/engine/pack/form.ts";
import { signPack } from "../../../shared/engine/pack/sign-pack.ts";
import { hashOf } from "../../../shared/engine/rows/chain.ts";
import { toOcsf } from "../../../shared/messaging/ocsf.ts";
import type { Signer } from "../../../shared/ports/signer.ts";
import type { Verdict } from "../../../tools/verify-evidence/verdict.ts";
import { verifyEvidence } from "../../../tools/verify-evidence/verify.ts";
import { containedIncident, evidenceOf, states } from "../../engine/pack/incidents.ts";
import type { Harness } from "../../support/harness.ts";
import { newSigner } from "../../support/harness-world.ts";

let harness: Harness;
let pack: EvidencePack;
let file: Buffer;
let trusted: string;

beforeAll(async () => {
  harness = await containedIncident();
  pack = await evidenceOf(harness);
  file = Buffer.from(fileOf(pack));
  trusted = await idOf(harness.world.signer);
});

async function idOf(signer: Signer): Promise<string> {
  return (await signer.publicKeys())[0]?.id ?? "";
}

function verify(bytes: Buffer | string | EvidencePack, heads: string | null = null): Verdict {
  const content = Buffer.isBuffer(bytes) ? bytes : Buffer.from(typeof bytes === "string" ? bytes : fileOf(bytes));
  return verifyEvidence(content, { keyId: trusted, heads });
}

function failures({ checks }: Verdict): readonly string[] {
  return checks.filter(({ holds }) => holds === false).map(({ name, where }) => `${name}: ${where}`);
}

/** Where each entry of the ledger stands in the file. */
function rangesOfEntries(): readonly { readonly from: number; readonly to: number }[] {
  const start = file.indexOf('  "ledger": [');
  const ranges: { from: number; to: number }[] = [];
  for (let from = file.indexOf("\n    {", start) + 1; ranges.length < pack.ledger.length; ) {
    const to = file.indexOf("\n    }", from) + 6;
    ranges.push({ from, to });
    from = to + 2;
  }
  return ranges;
}

describe("bytes of the file", () => {
  it("as they came, hold", () => {
    expect(failures(verify(file))).toEqual([]);
  });

  it("any one of them changed: found, with its place", () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(file);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const verdict = verify(bytes);
        expect(verdict.holds).toBe(false);
        expect(failures(verdict)[0]).toMatch(/section \w+|line \d+|entry \d+|manifest|the file/);
      }),
      { numRuns: 200 },
    );
  });

  it("any one of them changed within an entry of the ledger: the entry is named", () => {
    const ranges = rangesOfEntries();
    fc.assert(
      fc.property(
        fc.nat(ranges.length - 1),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 255 }),
        (index, place, change) => {
          const { from, to } = ranges[index] ?? { from: 0, to: 1 };
          const bytes = Buffer.from(file);
          const at = from + 6 + (place % (to - from - 12));
          bytes[at] = (bytes[at] ?? 0) ^ change;
          expect(failures(verify(bytes)).join()).toMatch(new RegExp(`entry ${index + 1}\\b`));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("cut off, repeated, or with anything before or behind: found", () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.constantFrom("cut", "repeat", "insert"), (at, how) => {
        const rest = {
          cut: [],
          repeat: [file.subarray(Math.max(0, at - 1))],
          insert: [Buffer.from(" "), file.subarray(at)],
        };
        const bytes = Buffer.concat([file.subarray(0, at), ...rest[how]]);
        if (how === "repeat" && bytes.equals(file)) return;
        try {
          expect(verify(bytes).holds).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(TerminalError); // too little is left to be called a pack
          expect(at).toBeLessThan(20);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("with its keys in another order, or written without its spaces: found", () => {
    const { format, ...rest } = JSON.parse(file.toString());
    expect(failures(verify(`${JSON.stringify({ ...rest, format }, null, 2)}\n`))).toEqual([
      expect.stringMatching(/^form/),
    ]);
    expect(failures(verify(JSON.stringify(JSON.parse(file.toString()))))).toEqual([expect.stringMatching(/^form/)]);
  });
});

const changes: Readonly<Record<string, (entries: LedgerEntry[], at: number) => LedgerEntry[]>> = {
  delete: (entries, at) => entries.filter((_, index) => index !== at),
  truncate: (entries, at) => entries.slice(0, at),
  duplicate: (entries, at) => entries.flatMap((entry, index) => (index === at ? [entry, entry] : [entry])),
  reorder: (entries, at) => {
    const other = (at + 1) % entries.length;
    return entries.map(
      (entry, index) => (index === at ? entries[other] : index === other ? entries[at] : entry) ?? entry,
    );
  },
  rewrite: (entries, at) => entries.map((entry, index) => (index === at ? { ...entry, message: "nothing" } : entry)),
  rehash: (entries, at) =>
    entries.map((entry, index) => {
      const changed = { ...entry, by: "mallory" };
      return index === at ? { ...changed, hash: hashOf(changed) } : entry;
    }),
};

/** Every hash made anew, as whoever has no key could do. */
function rechained(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const made: LedgerEntry[] = [];
  for (const entry of entries) {
    const next = { ...entry, seq: made.length + 1, prev: made.at(-1)?.hash ?? "" };
    made.push({ ...next, hash: hashOf(next) });
  }
  return made;
}

describe("entries of the ledger", () => {
  it.each(Object.entries(changes))("%s: the entry is named", (_, change) => {
    for (const at of pack.ledger.keys()) {
      const verdict = verify({ ...pack, ledger: change([...pack.ledger], at) });
      const found = failures(verdict).find((line) => line.startsWith("ledger"));
      expect(found).toMatch(/entry \d+/);
      const named = Number(/entry (\d+)/.exec(found ?? "")?.[1]);
      expect(Math.abs(named - (at + 1))).toBeLessThanOrEqual(at === pack.ledger.length - 1 ? pack.ledger.length : 1);
    }
  });

  it("all made anew, with every hash of the manifest: the signature does not hold", async () => {
    const ledger = rechained(pack.ledger.slice(0, -1));
    const forged = await signPack(newSigner(), { ...pack, ledger, heads: [] });
    const { sections, ledger: end } = forged.manifest;
    const kept = { ...forged, manifest: { ...pack.manifest, sections, ledger: end }, signature: pack.signature };
    expect(failures(verify(kept))).toEqual(["signature: manifest or signature"]);
  });
});

describe("parts of another pack", () => {
  it("in place of any section: the section is named", async () => {
    const other = await evidenceOf(await (states.undone as () => Promise<Harness>)());
    for (const name of ["made", "plans", "findings", "residualAccess", "reports", "ledger", "incident"] as const) {
      if (JSON.stringify(other[name]) === JSON.stringify(pack[name])) continue;
      expect(failures(verify({ ...pack, [name]: other[name] }))).toContain(`sections: section ${name}`);
    }
  });

  it("its signature, its manifest or its keys: the signature does not hold", async () => {
    const other = await evidenceOf(await (states.waiting as () => Promise<Harness>)());
    const foreign = await signPack(newSigner(), pack);
    expect(failures(verify({ ...pack, signature: other.signature })).join()).toContain("signature");
    expect(failures(verify({ ...pack, signature: foreign.signature })).join()).toContain("signature");
    expect(failures(verify({ ...pack, manifest: other.manifest })).join()).toContain("sections");
    const keys = foreign.manifest.keys;
    const mixed = { ...pack, manifest: { ...pack.manifest, keys }, signature: foreign.signature };
    expect(failures(verify(mixed)).join()).toContain("key: signature");
  });

  it("signed anew with somebody's own key: it is not the key that is trusted, whatever it calls itself", async () => {
    const own = newSigner();
    const forged = await signPack(own, { ...pack, heads: [] });
    expect(failures(verify(forged))).toEqual(["key: signature"]);
    const id = await idOf(own);
    const renamed = JSON.parse(fileOf(forged).replaceAll(id, trusted)) as EvidencePack;
    expect(failures(verify(renamed)).join()).toContain("signature: manifest");
    const untrusted = verifyEvidence(Buffer.from(fileOf(forged)), { keyId: null, heads: null });
    expect(untrusted.checks.find(({ name }) => name === "key")).toMatchObject({
      holds: null,
      message: expect.stringContaining(id),
    });
  });
});

describe("heads that were published to the outcomes hub", () => {
  const events = () => harness.world.published.map((notice) => JSON.stringify(toOcsf(notice, 0))).join("\n");

  it("are each in the ledger of an honest pack", () => {
    const verdict = verify(file, events());
    expect(failures(verdict)).toEqual([]);
    expect(verdict.checks.find(({ name }) => name === "heads")?.message).toMatch(
      /\d+ published, the last at entry \d+/,
    );
  });

  it("show that the end was cut off before the pack was made, though our own key signed it", async () => {
    const cut = await signPack(harness.world.signer, { ...pack, ledger: pack.ledger.slice(0, -1), heads: [] });
    expect(failures(verify(cut))).toEqual([]);
    const [failure] = verify(cut, events()).checks.filter(({ holds }) => holds === false);
    expect(failure).toMatchObject({ name: "heads", message: expect.stringMatching(/entry \d+.*cut off/) });
  });

  it("show that the chain was made anew with our own key", async () => {
    const ledger = rechained(pack.ledger.map((entry) => ({ ...entry, by: "tourniquet itself" })));
    const forged = await signPack(harness.world.signer, { ...pack, ledger, heads: [] });
    expect(failures(verify(forged))).toEqual([]);
    expect(failures(verify(forged, events())).join()).toMatch(/^heads: ledger, entry \d+/);
  });

  it("of other ledgers are none of ours, and a forged one is named by its line", () => {
    const [head] = harness.world.published.filter(({ event }) => event === "ledger.sealed");
    if (head === undefined) throw new Error("nothing was sealed");
    const foreign = { ...head, data: { ...head.data, chain: "another" } };
    expect(
      verify(file, JSON.stringify(toOcsf(foreign, 0))).checks.find(({ name }) => name === "heads")?.holds,
    ).toBeNull();
    const forged = { ...head, data: { ...head.data, seq: 99 } };
    expect(failures(verify(file, `\n${JSON.stringify(toOcsf(forged, 0))}`))).toEqual(["heads: line 2"]);
    expect(() => verify(file, "no json")).toThrow(/line 1 is not JSON/);
  });
});
