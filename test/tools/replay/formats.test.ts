import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capture } from "./capture.ts";
import { everyForm, history, lines, replayed, risk, sourceOf, start } from "./history.ts";

const forms = await everyForm(history());
const expected = await replayed([sourceOf("plain", lines(history()))]);

describe("the same records, whatever they were exported as", () => {
  it("are found and planned for in the plain form", () => {
    expect(expected.findings.byDay.map(({ day, detections }) => [day, detections.map(({ name }) => name)])).toEqual([
      ["2026-03-02", ["owner-added", "service-principal-risk-detected"]],
      ["2026-03-03", ["service-principal-risk-detected"]],
    ]);
    const contained = expected.plans.byDay.filter(({ stage }) => stage === "contain");
    expect(contained).toMatchObject([
      { day: "2026-03-02", playbook: "contain-compromised-identity", run: 1, ask: 0 },
      { day: "2026-03-03", playbook: "contain-compromised-identity", run: 0, ask: 1 },
    ]);
  });

  it.each(Object.entries(forms))("give the same report as %s", async (_, sources) => {
    expect({ ...(await replayed(sources)), files: 1 }).toEqual(expected);
  });
});

describe("what cannot be read", () => {
  const good = lines([risk(1, start)]);

  it("is counted and shown by its line, and takes no other line with it", async () => {
    const text = `{"half": \n${good}neither JSON nor CSV\n${good.slice(0, 40)}\n${lines([risk(2, start)])}`;
    const { records, findings } = await replayed([sourceOf("mixed", text)]);
    expect(findings.total).toBe(2);
    expect(records.badLines).toMatchObject([
      { file: "mixed", count: 3, first: [{ line: 1 }, { line: 3 }, { line: 4 }] },
    ]);
  });

  it("shows ten of a file and counts the rest", async () => {
    const { records } = await replayed([sourceOf("rubbish", `${good}${"rubbish\n".repeat(500)}`)]);
    expect(records.badLines[0]?.count).toBe(500);
    expect(records.badLines[0]?.first).toHaveLength(10);
  });

  it("says nothing of what a broken line holds", async () => {
    const { records } = await replayed([sourceOf("secret", `${good}{"secret": "hunter2" oops}\n`)]);
    expect(JSON.stringify(records.badLines)).not.toContain("hunter2");
  });

  it("ends a document that was cut off, with what was whole before it", async () => {
    const text = JSON.stringify({ records: [risk(1, start), risk(2, start)] });
    const { records, findings } = await replayed([sourceOf("cut", text.slice(0, -60))]);
    expect(findings.total).toBe(1);
    expect(records.badLines[0]?.first[0]?.why).toContain("ends before it is complete");
  });

  it("is skipped up to the next document of several", async () => {
    const printed = (n: number) => `${JSON.stringify(risk(n, start), null, 2)}\n`;
    const text = `${printed(1)}${printed(2).replace(",", ",,")}${printed(3)}`;
    const { records, findings } = await replayed([sourceOf("broken", text)]);
    expect(findings.total).toBe(2);
    expect(records.badLines[0]?.count).toBe(1);
  });

  it.each([
    ["a line", (long: string) => `${lines([{ long }])}${good}`],
    ["a record of a document", (long: string) => JSON.stringify({ records: [{ long }, risk(1, start)] })],
  ])("is %s of more than 16 MB, which is skipped", async (_, of) => {
    const { records, findings } = await replayed([sourceOf("long", of("x".repeat(17 * 1024 * 1024)))]);
    expect(findings.total).toBe(1);
    expect(records.badLines[0]?.first[0]?.why).toContain("longer than 16 MB");
  });

  it("is a damaged archive, of which the beginning counts", async () => {
    const captured = await capture([good.trim(), good.trim()]);
    const sources = [sourceOf("damaged", captured.subarray(0, 60)), sourceOf("gz", Buffer.from([0x1f, 0x8b, 1, 2, 3]))];
    const { records } = await replayed(sources);
    expect(records.badLines.map(({ file }) => file)).toContain("gz");
  });

  it("is an archive that was cut off, of which all that came counts", async () => {
    const packed = gzipSync(lines(Array.from({ length: 2_000 }, (_, n) => risk(n + 1, start + n))));
    const { records } = await replayed([sourceOf("cut", packed.subarray(0, packed.length - 20))]);
    expect(records.read).toBeGreaterThan(1_500);
    expect(records.badLines[0]?.first[0]?.why).toContain("unexpected end of file");
  });

  it.each([60, 0.9])("is a capture that was cut off, and said: %d", async (part) => {
    const whole = await capture([good.trim(), good.trim()]);
    const length = part > 1 ? part : Math.floor(whole.length * part);
    const { records } = await replayed([sourceOf("cut", whole.subarray(0, length))]);
    expect(records.badLines[0]?.first[0]?.why).toContain("ends before it is complete");
  });

  it("is named when there is no record in it at all", async () => {
    const { notes } = await replayed([sourceOf("good", good), sourceOf("empty"), sourceOf("text", "hello")]);
    expect(notes.find((note) => note.startsWith("No record"))).toContain("in empty, text:");
  });

  it("is an event without a body in a capture that is otherwise well", async () => {
    const { records, findings } = await replayed([sourceOf("capture", await capture(["no JSON", good]))]);
    expect(findings.total).toBe(1);
    expect(records.badLines).toMatchObject([{ count: 1, first: [{ line: 1 }] }]);
  });

  it.each(["PK\x03\x04zip", "PAR1parquet"])(
    "is no export at all, and said before anything is replayed: %j",
    async (text) => {
      const sources = [sourceOf("good", good), sourceOf("wrong", text)];
      await expect(replayed(sources)).rejects.toThrow(/^wrong is a .*; (unpack|export)/);
    },
  );

  it("is nothing in an empty file", async () => {
    const { records } = await replayed([sourceOf("empty")]);
    expect(records).toMatchObject({ read: 0, badLines: [] });
  });

  it("is never a reason to stop: any values in any members of what is known", async () => {
    const names = ["category", "properties", "records", "value", "tables", "columns", "rows", "Type", "TimeGenerated"];
    const more = [
      "@odata.context",
      "signInEventTypes",
      "targetResources",
      "activityDisplayName",
      "toString",
      "__proto__",
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }),
        tie("object"),
        tie("list"),
        fc.constant(risk(1, start)),
      ),
      object: fc.dictionary(fc.constantFrom(...names, ...more), tie("tree"), { maxKeys: 5 }),
      list: fc.array(tie("tree"), { maxLength: 4 }),
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { maxLength: 6 }), fc.boolean(), async (values, isDocument) => {
        const text = isDocument ? JSON.stringify(values, null, 2) : lines(values);
        const { records } = await replayed([sourceOf("any", text)]);
        expect(records.badLines).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
