/** Laws of the hash chain: nobody changes, drops, adds or moves an entry without its being found and named. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Deed, LedgerEntry, type LedgerHead } from "../../../shared/domain/ledger.ts";
import { type ChainEnd, checkChain, emptyChain, hashOf, nextEntry } from "../../../shared/engine/rows/chain.ts";

const tenantId = "aaaaaaaa-0000-4000-8000-000000000001";
const chain = "incident-1";

const AnyDeed: fc.Arbitrary<Deed> = fc.record({
  chain: fc.constant(chain),
  at: fc.constant("2026-01-02T03:04:05.678Z"),
  event: fc.constantFrom("plan.made", "step.ended"),
  by: fc.constantFrom("tourniquet", "alice@contoso.example"),
  message: fc.string({ unit: "binary" }),
  data: fc.dictionary(fc.string(), fc.jsonValue({ stringUnit: "binary" })),
});

function chained(deeds: readonly Deed[], from: ChainEnd = emptyChain): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const deed of deeds) entries.push(nextEntry(entries.at(-1) ?? from, deed, tenantId));
  return entries;
}

function headOf(entries: readonly LedgerEntry[]): LedgerHead {
  const last = entries.at(-1) ?? emptyChain;
  return { chain, seq: last.seq, hash: last.hash };
}

/** A chain, its head, and a place in it. */
const Case = fc
  .tuple(
    fc.array(AnyDeed, { minLength: 2, maxLength: 8 }).map((deeds) => chained(deeds)),
    fc.nat(),
  )
  .map(([entries, n]) => ({ entries, head: headOf(entries), at: n % entries.length }));

describe("a chain", () => {
  it("as it was appended is whole, also after a way through JSON", () => {
    fc.assert(
      fc.property(fc.array(AnyDeed, { maxLength: 8 }), (deeds) => {
        const entries = chained(deeds);
        const again = entries.map((entry) => LedgerEntry.parse(JSON.parse(JSON.stringify(entry))));
        expect(checkChain(entries, headOf(entries))).toBeNull();
        expect(checkChain(again, headOf(entries), { tenantId, chain })).toBeNull();
      }),
    );
  });

  it("names the entry of which any field was changed", () => {
    const fields = fc.constantFrom("tenantId", "at", "event", "by", "message", "prev", "hash");
    fc.assert(
      fc.property(Case, fields, ({ entries, head, at }, field) => {
        const edited = entries.map((entry, i) =>
          i === at ? { ...entry, [field]: `${entry[field as "by"]}x` } : entry,
        );
        expect(checkChain(edited, head)).toMatchObject({ seq: at + 1, what: "changed" });
      }),
    );
  });

  it("names the entry of which one bit of the stored text was flipped, wherever it still is an entry", () => {
    fc.assert(
      fc.property(Case, fc.nat(), fc.integer({ min: 0, max: 6 }), ({ entries, head, at }, byte, bit) => {
        const text = Buffer.from(JSON.stringify(entries[at]));
        text[byte % text.length] = (text[byte % text.length] ?? 0) ^ (1 << bit);
        const flipped = parsed(text.toString("utf8"));
        fc.pre(flipped !== null && JSON.stringify(flipped) !== JSON.stringify(entries[at]));
        const found = checkChain(entries.with(at, flipped ?? ({} as LedgerEntry)), head, { tenantId, chain });
        expect(found?.seq).toBe(flipped?.seq);
      }),
      { numRuns: 400 },
    );
  });

  it("names the one that was changed and hashed anew, by the one that follows it or by the head", () => {
    fc.assert(
      fc.property(Case, ({ entries, head, at }) => {
        const edited = entries.map((entry, i) => (i === at ? rehashed({ ...entry, by: "somebody else" }) : entry));
        expect(checkChain(edited, head)).toMatchObject({ seq: at + 1, what: "changed" });
      }),
    );
  });

  it("names the one that was deleted, and the first that was cut off", () => {
    fc.assert(
      fc.property(Case, ({ entries, head, at }) => {
        expect(checkChain(entries.toSpliced(at, 1), head)).toMatchObject({ seq: at + 1, what: "missing" });
        expect(checkChain(entries.slice(0, at), head)).toMatchObject({ seq: at + 1, what: "missing" });
      }),
    );
  });

  it("names the first that stands where another belongs", () => {
    fc.assert(
      fc.property(Case, fc.nat(), ({ entries, head, at }, n) => {
        const to = n % entries.length;
        fc.pre(to !== at);
        const [one, other] = [entries[at], entries[to]];
        if (one === undefined || other === undefined) return;
        const swapped = entries.with(at, other).with(to, one);
        const expected = swapped[Math.min(at, to)]?.seq;
        expect(checkChain(swapped, head)).toMatchObject({ seq: expected, what: "out-of-order" });
      }),
    );
  });

  it("finds whatever was put in, however well it was hashed", () => {
    fc.assert(
      fc.property(Case, AnyDeed, ({ entries, head, at }, deed) => {
        const forged = nextEntry(entries[at - 1] ?? emptyChain, deed, tenantId);
        fc.pre(forged.hash !== entries[at]?.hash);
        expect(checkChain(entries.toSpliced(at, 0, forged), head)).not.toBeNull();
        const appended = nextEntry(entries.at(-1) ?? emptyChain, deed, tenantId);
        expect(checkChain([...entries, appended], head)).toMatchObject({ seq: head.seq + 1, what: "beyond-head" });
      }),
    );
  });

  it("knows an entry of another tenant or of another chain, and a whole chain that was moved", () => {
    fc.assert(
      fc.property(Case, ({ entries, head, at }) => {
        const foreign = entries.map((entry, i) => (i === at ? rehashed({ ...entry, tenantId: "other" }) : entry));
        const moved = entries.map((entry, i) => (i === at ? rehashed({ ...entry, chain: "other" }) : entry));
        expect(checkChain(foreign, head, { tenantId })).toMatchObject({ seq: at + 1, what: "foreign-tenant" });
        expect(checkChain(moved, head)).toMatchObject({ seq: at + 1, what: "foreign-chain" });
        expect(checkChain(entries, null, { chain: "other" })).toMatchObject({ seq: 1, what: "foreign-chain" });
      }),
    );
  });

  it("that does not begin at its beginning is not whole", () => {
    const entries = chained([deed("a")], { seq: 0, hash: "of another chain" });
    expect(checkChain(entries)).toMatchObject({ seq: 1, what: "changed" });
  });
});

describe("an entry", () => {
  it("holds what storage will answer, of whatever it was made", () => {
    const odd = fc.constantFrom(undefined, -0, Number.NaN, Number.POSITIVE_INFINITY, new Date(0), () => 1, Symbol("x"));
    const anything = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.jsonValue(),
        odd,
        fc.array(tie("value")),
        fc.dictionary(fc.string(), tie("value")),
      ),
    })).value;
    fc.assert(
      fc.property(fc.array(anything), (value) => {
        const stored = nextEntry(emptyChain, { ...deed("x"), data: { value } }, tenantId);
        expect(JSON.parse(JSON.stringify(stored.data))).toEqual(stored.data);
        const plain = JSON.stringify(value).includes("__proto__") ? stored.data : JSON.parse(JSON.stringify({ value }));
        expect(stored.data).toEqual(plain);
      }),
    );
  });

  it("is hashed alike whatever the order of its keys", () => {
    fc.assert(
      fc.property(AnyDeed, (one) => {
        const entry = nextEntry(emptyChain, one, tenantId);
        const turned = Object.fromEntries(Object.entries(entry).toReversed()) as typeof entry;
        expect(hashOf(turned)).toBe(entry.hash);
      }),
    );
  });

  it("can be made of what no canonical text allows: half a character, and what JSON leaves out", () => {
    const entry = nextEntry(
      emptyChain,
      { ...deed("\ud83d"), data: { name: "\udc00", gone: undefined, zero: -0, ["__proto__"]: 1 } },
      tenantId,
    );
    expect(entry).toMatchObject({ message: "\ufffd", data: { name: "\ufffd", zero: 0 } });
    expect(checkChain([LedgerEntry.parse(entry)])).toBeNull();
  });

  it("that somebody gave such text to is changed, and stops nobody from reading on", () => {
    const entries = chained([deed("a"), deed("b")]);
    expect(checkChain(entries.map((entry) => ({ ...entry, message: "\ud83d" })))).toMatchObject({
      seq: 1,
      what: "changed",
    });
  });
});

function deed(message: string): Deed {
  return { chain, at: "2026-01-02T03:04:05.678Z", event: "plan.made", by: "tourniquet", message, data: {} };
}

function rehashed(entry: LedgerEntry): LedgerEntry {
  return { ...entry, hash: hashOf(entry) };
}

function parsed(text: string): LedgerEntry | null {
  try {
    return LedgerEntry.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
