/** The score: what counts for us, what against us, what is only shown; and a folder that is not there is told, not failed. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readPolicy } from "../../shared/config/policy-file.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import type { Label } from "../../tools/score/corpus.ts";
import { readDisputed } from "../../tools/score/disputed.ts";
import { type Judged, verdictOf } from "../../tools/score/verdicts.ts";
import type { Went } from "../../tools/score/walk.ts";
import { audit, riskEvent, risky, tenantId } from "../records/build.ts";

const shipped = readPolicy(readFileSync("policy.yaml", "utf8"), "policy.yaml");
const lines: Policy["detections"] = {
  loud: { max: "approve", require: [] },
  quiet: { max: "observe", require: [] },
};
const judged: Judged = {
  policy: { ...shipped, detections: lines },
  patterns: new Map([
    ["loud", ["A1"]],
    ["quiet", ["B1"]],
  ]),
  disputed: [{ recordId: "contradicts", why: "says the opposite" }],
};
const label = (as: string, pattern: string): Label => ({ file: "f", index: 0, label: as, pattern, why: "" });
const went = (found: readonly string[], recordId = "r"): Went => ({
  file: "f",
  index: 0,
  recordId,
  as: "consented",
  detail: null,
  events: [],
  found: found.map((detection) => ({ detection, title: detection })),
});

describe("the verdict on", () => {
  test("an attack: it is found by a detection of its pattern, and by no other", () => {
    expect(verdictOf(label("TP", "A1"), went(["quiet", "loud"]), judged)).toMatchObject({ is: "found", by: ["loud"] });
    expect(verdictOf(label("TP", "A1"), went(["quiet"]), judged)).toMatchObject({ is: "missed", others: ["quiet"] });
  });

  test("an attack whose record is not there: it is missed", () => {
    expect(verdictOf(label("TP", "A1"), null, judged)).toMatchObject({ is: "missed" });
  });

  test("an attack of a pattern that nobody promised: it is out of scope", () => {
    for (const pattern of ["A6", "A13", "B9", "C5", "C7", "E4", "E9", "F1", "panther rule", "-"])
      expect(verdictOf(label("TP", pattern), went([]), judged).is, pattern).toBe("out-of-scope");
  });

  test("an attack that its record contradicts: it is disputed, unless it is found", () => {
    expect(verdictOf(label("TP", "A1"), went([], "contradicts"), judged).is).toBe("disputed");
    expect(verdictOf(label("TP", "A1"), went(["loud"], "contradicts"), judged).is).toBe("found");
  });

  test("a benign record: only a line that acts or asks counts against us, and no line observes", () => {
    expect(verdictOf(label("TN", "-"), went(["loud", "quiet", "other"]), judged)).toMatchObject({
      is: "hit",
      acting: ["loud"],
    });
    expect(verdictOf(label("TN", "-"), went([]), judged).is).toBe("quiet");
  });

  test.each(["TN?", "ambiguous", "context"])("a record labelled %s: neither", (as) => {
    expect(verdictOf(label(as, "A1"), went(["loud"]), judged).is).toBe("neither");
  });
});

test("what is disputed is one label, with its reason", () => {
  expect(readDisputed().map(({ recordId }) => recordId)).toEqual(["Directory_3ce73a6f-cfee-4ff3-8082-ddc9e19d733a"]);
});

describe("on the command line", () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  function records(labels: readonly object[], files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), "score-"));
    folders.push(folder);
    mkdirSync(join(folder, "some"));
    writeFileSync(join(folder, "labels.ndjson"), labels.map((one) => JSON.stringify(one)).join("\n"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "some", name), text);
    return folder;
  }

  function score(
    folder: string,
    ...args: readonly string[]
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { ...process.env, TOURNIQUET_RECORDS: folder };
    return new Promise((resolve) => {
      execFile(process.execPath, ["tools/score.ts", ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });
  }

  test("a folder that was named and is not there is wrong input", async () => {
    const { code, stderr } = await score(join(tmpdir(), "no-such-folder-of-records"));
    expect(code).toBe(2);
    expect(stderr).toContain("no labels.ndjson in");
  });

  test("labels that are none, a flag that is none: said without a trace of our own", async () => {
    const wrong = await score(records([{ file: "some/a", index: -1, label: "TP", pattern: "A1" }], {}));
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/labels\.ndjson:1 is no label: index: /) });
    expect(await score(records([], {}))).toMatchObject({ code: 2, stderr: expect.stringContaining("holds no label") });
    const misspelt = await score(records([], {}), "--strickt");
    expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringMatching(/^Unknown option '--strickt'/) });
    expect([wrong.stderr, misspelt.stderr].join()).not.toContain("node:internal");
  });

  test("a benign record that is not there is not counted as one", async () => {
    const { code, stdout } = await score(records([{ file: "some/gone", index: 0, label: "TN", pattern: "-" }], {}));
    expect(code).toBe(0);
    expect(stdout).toContain("0 of 0 benign records");
    expect(stdout).toMatch(/Not judged: .*\n {2}some\/gone#0 TN/);
  });

  const inSome = (file: string, index: number, as: string, pattern: string) => ({
    file: `some/${file}`,
    index,
    label: as,
    pattern,
  });

  test("records are read from every shape in which they come", async () => {
    const secret = audit();
    const graphRisk = { value: [riskEvent().properties, riskEvent({ id: "another" }).properties] };
    const graphRisky = {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x",
      value: [risky().properties],
    };
    const folder = records(
      [
        inSome("lines.ndjson", 1, "TP", "A1"),
        inSome("wrapped.json", 0, "TP", "A1"),
        inSome("list.json", 1, "TP", "A1"),
        inSome("tests.json", 1, "TP", "A1"),
        inSome("page.json", 1, "TP", "D2"),
        inSome("risky.json", 0, "TP", "D1"),
        inSome("text.json.txt", 0, "TP", "A1"),
        inSome("rows.csv", 1, "TP", "A1"),
      ],
      {
        "lines.ndjson": `${JSON.stringify(risky())}\n${JSON.stringify(secret)}\n`,
        "wrapped.json": JSON.stringify({ records: [secret] }),
        "list.json": JSON.stringify([risky(), secret]),
        "tests.json": JSON.stringify(
          {
            rule_id: "x",
            tests: [
              { name: "a", log: risky() },
              { name: "b", log: secret },
            ],
          },
          null,
          1,
        ),
        "page.json": JSON.stringify(graphRisk, null, 2),
        "risky.json": JSON.stringify(graphRisky),
        "text.json.txt": JSON.stringify(secret, null, 2),
        "rows.csv": csvOf(secret),
      },
    );
    const { code, stdout } = await score(folder);
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^passed: 8 of 8 attacks found/);
    expect(code).toBe(0);
  });

  test("what is missed is told with its reason, and fails", async () => {
    const ignored = audit({}, "Update user");
    const folder = records([inSome("a.json", 0, "TP", "A1"), inSome("gone.json", 0, "TP", "A1")], {
      "a.json": JSON.stringify(ignored),
    });
    const { code, stdout } = await score(folder);
    expect(code).toBe(1);
    expect(stdout).toContain("some/a.json#0 TP A1: ignored: activity-not-read");
    expect(stdout).toContain("some/gone.json#0 TP A1: the file is not there, or holds no record of that index");
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^failed: 0 of 2 attacks found, 2 missed/);
  });

  test("a benign record that is hit by a line that asks fails", async () => {
    const folder = records([inSome("a.json", 0, "TN", "-")], { "a.json": JSON.stringify(risky()) });
    const { code, stdout } = await score(folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/some\/a\.json#0 TN -: risky-service-principal \(line: approve\)/);
  });

  /** As Log Analytics exports it: lists and objects are text, and the query left the time out. */
  function csvOf(record: Readonly<Record<string, unknown>>): string {
    const properties = Object.entries(Object(record.properties)).filter(([name]) => name !== "activityDateTime");
    const columns: readonly (readonly [string, unknown])[] = [
      ["OperationName", record.operationName],
      ["Type", "AuditLogs"],
      ["AADTenantId", tenantId],
      ...properties.map(([name, value]) => [name.slice(0, 1).toUpperCase() + name.slice(1), value] as const),
    ];
    const cell = (value: unknown) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return `"${text.replaceAll('"', '""')}"`;
    };
    const row = columns.map(([, value]) => cell(value)).join(",");
    return `${columns.map(([name]) => name).join(",")}\n${row}\n${row}\n`;
  }
});
