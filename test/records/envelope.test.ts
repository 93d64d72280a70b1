import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openEnvelope } from "../../shared/records/index.ts";

const a = { category: "A", value: [1], nested: { text: 'brackets ]} and "quotes" \\' } };
const b = { category: "B" };
const broken = "{'single': 'quotes'}";
const [textA, textB] = [JSON.stringify(a), JSON.stringify(b)];

/** Records as they are, dead letters by their reason. */
function open(body: unknown): unknown[] {
  return openEnvelope(body).map((opened) => (opened.ok ? opened.record : opened.letter.reason));
}

describe("openEnvelope finds both records", () => {
  test.each<[string, unknown]>([
    ["in a records wrapper", { records: [a, b] }],
    ["in a page of Graph", { "@odata.context": "x", value: [a, b] }],
    ["under a key of another case", { Records: [a, b] }],
    ["in a list", [a, b]],
    ["in a list of wrappers", [{ records: [a] }, { records: [b] }]],
    ["in text", JSON.stringify({ records: [a, b] })],
    ["in bytes", Buffer.from(JSON.stringify({ records: [a, b] }))],
    ["in bytes with a byte order mark", new TextEncoder().encode(`\uFEFF${JSON.stringify([a, b])}`)],
    ["in text with a byte order mark", `\uFEFF${JSON.stringify([a, b])}`],
    ["each as text of its own", { records: [textA, textB] }],
    ["one a line", `${textA}\r\n${textB}\r\n`],
    ["one a line with commas", `${textA},\n${textB}`],
    ["concatenated", textA + textB],
    ["concatenated and laid out on many lines", `${JSON.stringify(a, null, 2)}\n${JSON.stringify(b, null, 2)}`],
    ["with commas but no list", `${JSON.stringify(a, null, 1)},\n${JSON.stringify(b, null, 1)}`],
    ["two on one line of many", `${textA}${textB}\n\n`],
  ])("%s", (_, body) => {
    expect(open(body)).toEqual([a, b]);
  });

  test("and one record is a record, even if it has a field named value", () => {
    expect(open(a)).toEqual([a]);
    expect(open(textA)).toEqual([a]);
  });
});

describe("openEnvelope sets aside only what is broken", () => {
  test.each<[string, unknown, unknown[]]>([
    ["one line of several", `${textA}\n${broken}\n${textB}`, [a, "not-json", b]],
    ["the first line", `${broken}\n${textB}`, ["not-json", b]],
    ["a line that ends too early", `${textA}\n{"category":\n${textB}`, [a, "not-json", b]],
    ["one record in a wrapper", `{"records": [${textA}, ${broken}, ${textB}]}`, [a, "not-json", b]],
    ["one of several concatenated", `${textA} ${broken} ${textB}`, [a, "not-json", b]],
    ["the rest of a body that was cut off", `{"records":[${textA},${textB.slice(0, -3)}`, [a, "not-json"]],
    ["members that are no objects", [a, 1, null, b], [a, "not-an-object", "not-an-object", b]],
    ["text that is no JSON", "hello", ["not-json"]],
    ["an empty body", "", ["not-json"]],
    ["nothing", undefined, ["not-an-object"]],
  ])("%s", (_, body, opened) => {
    expect(open(body)).toEqual(opened);
  });

  test("and says on which line", () => {
    const letters = openEnvelope(`${textA}\n\n${broken}`).filter((opened) => !opened.ok);
    expect(letters).toMatchObject([{ letter: { detail: expect.stringContaining("Line 3 ") } }]);
  });

  test("and one letter stands for the rest of very many", () => {
    const opened = open(`[${"0,".repeat(300_000)}0]`);
    expect(opened).toHaveLength(21);
    expect(opened.at(-1)).toBe("not-read");
  });
});

describe("openEnvelope survives", () => {
  const brackets = 400_000;
  const nested: unknown = JSON.parse("[".repeat(brackets) + "]".repeat(brackets));
  test.each<[string, unknown]>([
    ["nesting in text", "[".repeat(brackets) + "]".repeat(brackets)],
    ["nesting that never closes", "[".repeat(brackets)],
    ["nested objects", `${'{"a":'.repeat(150_000)}1${"}".repeat(150_000)}`],
    ["nesting already parsed", nested],
    ["nesting in a wrapper", { records: [nested] }],
    ["text in text in text", Array.from({ length: 12 }).reduce((text) => JSON.stringify(text), "x")],
    ["a million closing brackets", "]".repeat(1_000_000)],
    ["a million backslashes", `"${"\\".repeat(1_000_000)}`],
    ["a million quotes", '"'.repeat(1_000_000)],
    ["very many tiny objects that are not JSON", "{a}".repeat(300_000)],
    ["very many lines that are not JSON", "{a}\n".repeat(200_000)],
  ])("%s", (_, body) => {
    expect(openEnvelope(body).length).toBeGreaterThan(0);
  });

  test("any text and any value, and finds every record of a wrapper", () => {
    fc.assert(fc.property(fc.anything({ withBigInt: true, withTypedArray: true }), (body) => void openEnvelope(body)));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ \n1ae') }), (text) => void openEnvelope(text)),
    );
    const records = fc.array(
      fc.dictionary(fc.string(), fc.jsonValue()).map((fields) => ({ ...fields, category: "x" })),
    );
    fc.assert(
      fc.property(records, (list) => {
        expect(open(JSON.stringify({ records: list }))).toEqual(JSON.parse(JSON.stringify(list)));
      }),
    );
  });
});
