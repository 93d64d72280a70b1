import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IdentityEvent } from "../../shared/domain/event.ts";
import { normalise } from "../../shared/records/index.ts";
import { audit, eventOf, type Raw, risky, servicePrincipalId, tenantId, verdict } from "./build.ts";
import { audits, relevant } from "./rich-records.ts";

const categories = ["AuditLogs", "RiskyServicePrincipals", "ServicePrincipalRiskEvents", "ServicePrincipalSignInLogs"];

describe("the tenant of a record", () => {
  test("is compared without case", () => {
    expect(verdict(risky({}, { tenantId: tenantId.toUpperCase() }), tenantId.toUpperCase())).not.toContain("dead");
  });

  test("is taken from the resource where the record names none", () => {
    const resourceId = `/TENANTS/${tenantId.toUpperCase()}/PROVIDERS/MICROSOFT.AADIAM`;
    expect(eventOf("risky-service-principal-updated", risky({}, { tenantId: undefined, resourceId })).tenantId).toBe(
      tenantId,
    );
  });

  test.each([
    [{ tenantId: "4bbb79f7-5724-4c9e-95f3-de075f6ec090" }, "dead letter: other-tenant"],
    [{ tenantId: "1111111111-902d-4dea-8026-5a790862fede" }, "dead letter: other-tenant"],
    [{ tenantId: "", resourceId: "/subscriptions/x" }, "dead letter: no-tenant"],
    [{ tenantId: {}, resourceId: null }, "dead letter: no-tenant"],
  ])("makes a dead letter of what is not ours: %j", (change, expected) => {
    expect(verdict(risky({}, change))).toBe(expected);
  });

  test("is not asked of records that do not matter", () => {
    expect(verdict({ category: "RiskyUsers", tenantId: "other" })).toBe("ignored: category-not-read");
  });
});

describe("normalise", () => {
  test.each([
    [null, "dead letter: not-an-object"],
    ["text", "dead letter: not-an-object"],
    [[], "dead letter: not-an-object"],
    [new Uint8Array(9), "dead letter: not-an-object"],
    [{}, "dead letter: schema"],
    [{ category: 1 }, "dead letter: schema"],
    [{ category: "AuditLogs", time: "1/9/2007 9:41:00 AM" }, "ignored: activity-not-read"],
    [{ category: "FunctionAppLogs" }, "ignored: category-not-read"],
  ])("has an answer to %j", (record, expected) => {
    expect(verdict(record)).toBe(expected);
  });

  test("makes events that fit their schema unchanged", () => {
    for (const build of relevant) {
      const normalised = normalise(build(), tenantId);
      if (normalised.outcome !== "event") throw new Error(verdict(build()));
      expect(IdentityEvent.parse(normalised.event)).toEqual(normalised.event);
    }
  });

  test("gives the same event whatever the order and the case of the keys", () => {
    const change = fc.record({ record: fc.constantFrom(...relevant), seed: fc.integer(), upper: fc.boolean() });
    fc.assert(
      fc.property(change, ({ record, seed, upper }) => {
        expect(normalise(rearranged(record(), seed, upper), tenantId)).toEqual(normalise(record(), tenantId));
      }),
    );
  });

  test("answers anything at all, and never by way of an unexpected failure", () => {
    const value = fc.oneof(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), fc.jsonValue());
    const hostile = fc.record(
      { category: fc.constantFrom(...categories), tenantId: fc.constant(tenantId) },
      { noNullPrototype: false },
    );
    const bent = fc
      .tuple(fc.constantFrom(...relevant), fc.nat(30), value, fc.boolean())
      .map(([build, i, odd, inner]) => bend(build(), i, odd, inner));
    const mixed = fc.oneof(
      value,
      bent,
      fc.tuple(hostile, fc.dictionary(fc.string(), value)).map(([a, b]) => ({ ...b, ...a })),
    );
    fc.assert(
      fc.property(mixed, (record) => {
        const normalised = normalise(record, tenantId);
        expect(["event", "ignored", "dead-letter"]).toContain(normalised.outcome);
        if (normalised.outcome === "dead-letter") expect(normalised.letter.reason).not.toBe("failed");
        if (normalised.outcome !== "event") return;
        for (const event of [normalised.event, ...(normalised.more ?? [])]) {
          expect(IdentityEvent.safeParse(event).success).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("what an audit record's targets say", () => {
  const odd = fc.oneof(
    fc.anything(),
    fc.jsonValue(),
    fc.json(),
    fc.constantFrom("", "[]", "null", '""', "[null]", "[[", '["a","b"]', "x".repeat(100_000), servicePrincipalId),
  );
  const key = fc.constantFrom("id", "type", "displayName", "oldValue", "newValue", "modifiedProperties");
  const mutation = fc.record({ build: fc.constantFrom(...audits), at: fc.nat(20), key, odd, cut: fc.nat(80) });

  test("may be anything: an answer comes, and every event fits its schema", () => {
    fc.assert(
      fc.property(mutation, (bent) => {
        const normalised = normalise(mutated(bent), tenantId);
        if (normalised.outcome === "dead-letter") expect(normalised.letter.reason).not.toBe("failed");
        if (normalised.outcome !== "event") return;
        for (const event of [normalised.event, ...(normalised.more ?? [])]) {
          expect(IdentityEvent.safeParse(event).success).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("hostile records", () => {
  const deep: unknown = JSON.parse("[".repeat(400_000) + "]".repeat(400_000));

  test("nesting in any field is never walked", () => {
    for (const build of relevant) {
      for (let i = 0; i < 30; i++) {
        for (const inner of [true, false]) {
          expect(verdict(bend(build(), i, deep, inner))).not.toBe("dead letter: failed");
        }
      }
    }
    expect(verdict({ ...risky(), extra: deep })).toBe("risky-service-principal-updated");
  });

  test("prototype keys lend no field", () => {
    const record: unknown = JSON.parse(`{"category":"RiskyServicePrincipals","__proto__":${JSON.stringify(risky())}}`);
    expect(verdict(record)).toBe("dead letter: no-tenant");
    expect(verdict(Object.create(risky()))).toBe("dead letter: schema");
    expect(verdict({ ...risky(), constructor: 1, hasOwnProperty: 2, toString: null })).toBe(
      "risky-service-principal-updated",
    );
  });

  test("huge texts are cut or refused, and huge numbers of keys are one pass", () => {
    const huge = "x".repeat(1_000_000);
    expect(eventOf("risky-service-principal-updated", risky({ displayName: huge })).claimedName).toHaveLength(256);
    expect(verdict(risky({ riskState: huge }))).toBe("dead letter: schema");
    expect(verdict(audit({}, huge))).toBe("ignored: activity-not-read");
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, i]));
    expect(verdict({ ...many, ...risky(many) })).toBe("risky-service-principal-updated");
  });

  test("dead letters repeat nothing of the record but its category and id", () => {
    const normalised = normalise(risky({ riskState: "secret value!" }), tenantId);
    expect(JSON.stringify(normalised)).not.toContain("secret value");
  });
});

/** The same record with its keys in another order, and in another case. */
function rearranged(value: unknown, seed: number, upper: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => rearranged(item, seed, upper));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    upper ? key.toUpperCase() : key.toLowerCase(),
    rearranged(inner, seed, upper),
  ]);
  const turn = Math.abs(seed) % (entries.length || 1);
  return Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)]);
}

/** One field of the record, or of its properties, replaced. */
function bend(record: Raw, i: number, odd: unknown, inner: boolean): Raw {
  const within = inner ? (record.properties as Raw) : record;
  const keys = Object.keys(within);
  const bent = { ...within, [keys[i % keys.length] ?? ""]: odd };
  return inner ? { ...record, properties: bent } : bent;
}

interface Mutation {
  readonly build: () => Raw;
  readonly at: number;
  readonly key: string;
  readonly odd: unknown;
  readonly cut: number;
}

/** One member of the target, or of one of its modified properties, replaced; another property's new value cut off. */
function mutated({ build, at, key, odd, cut }: Mutation): Raw {
  const record = build();
  const properties = record.properties as Raw;
  const [first] = properties.targetResources as Raw[];
  const changed = (first?.modifiedProperties ?? []) as Raw[];
  const bent = changed.map((one, i) => {
    if (i === at % changed.length && key in one) return { ...one, [key]: odd };
    return i === (at + 1) % changed.length && cut > 0 ? { ...one, newValue: String(one.newValue).slice(0, cut) } : one;
  });
  const target = {
    ...first,
    modifiedProperties: bent,
    ...(["oldValue", "newValue"].includes(key) ? {} : { [key]: odd }),
  };
  return { ...record, properties: { ...properties, targetResources: [target] } };
}
