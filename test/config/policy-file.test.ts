/** The policy file: the shipped one is valid, and whatever is wrong with another is said at once, with its line. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadPolicy, readPolicy } from "../../shared/config/policy-file.ts";
import { policyJsonSchema } from "../../shared/config/policy-schema.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { defaultTuning, Requirement } from "../../shared/domain/policy.ts";
import { defaultRetirePolicy } from "../../shared/domain/retire-policy.ts";

const shipped = readFileSync("policy.yaml", "utf8");

/** The shipped policy with one piece of text exchanged; fails when the piece is not there. */
function withChange(from: string, to: string): string {
  expect(shipped).toContain(from);
  return shipped.replace(from, to);
}

/** The error's lines without the first, `file:` taken off; empty where the text is a valid policy. */
function mistakes(text: string): string[] {
  try {
    readPolicy(text, "p.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    expect(error.code).toBe("policy-invalid");
    return error.message.split("\n  p.yaml:").slice(1);
  }
}

function lineOf(text: string, piece: string): number {
  return text.slice(0, text.indexOf(piece)).split("\n").length;
}

describe("the shipped policy", () => {
  it("is valid, writes nothing and belongs to no tenant yet", () => {
    const policy = loadPolicy("policy.yaml");
    expect(policy).toMatchObject({ mode: "observe", stages: { contain: "enforce", eradicate: "approve" } });
    expect(policy.tenantId).toBe("00000000-0000-0000-0000-000000000000");
    expect(policy.riskEventTypes.suspiciousSignins).toEqual({ max: "approve", require: [] });
  });

  it("says what to do with every risk type and level it does not name", () => {
    const policy = loadPolicy("policy.yaml");
    expect(policy.riskEventTypes.unknown?.max).toBe("approve");
    expect(policy.riskLevels.unknown?.max).toBe("approve");
    expect(policy.riskLevels.hidden?.max).toBe("approve");
  });

  it("gives the reason for every line that decides something", () => {
    const lines = shipped.split("\n").filter((line) => /^\s*[a-zA-Z-]+: \S/.test(line) && !/^\s*#/.test(line));
    const bare = lines.filter((line) => !line.includes("#") && !/^(version:| {4}(max|require):)/.test(line));
    expect(bare).toEqual([]);
  });

  it("shows optional sections that are valid once they are no comments, with the defaults where it says so", () => {
    const shown = shipped.replaceAll(
      /^# (tuning:|retire:|trustedLocations:|trustedIssuers:| {2}\S.*| {4}\S.*)$/gm,
      "$1",
    );
    const policy = readPolicy(shown, "p.yaml");
    expect(policy.tuning).toEqual(defaultTuning);
    const { workingHours, holds, ...retire } = policy.retire;
    expect({ ...retire, holds: [] }).toEqual(defaultRetirePolicy);
    expect([workingHours?.from, holds.length]).toEqual(["09:00", 1]);
    expect(policy.trustedLocations?.namedLocations).toBe(true);
    expect(policy.trustedIssuers).toHaveLength(1);
  });

  it("trusts no issuer without a subject, nor by a prefix that says next to nothing", () => {
    const trusting = (entry: string) => mistakes(`${shipped}\ntrustedIssuers:\n  - ${entry}\n`).join();
    expect(trusting('{ issuer: https://x.example, subjectPrefix: "repo:contoso/" }')).toBe("");
    expect(trusting("{ issuer: https://x.example }")).toMatch(/subjectPrefix: is missing/);
    expect(trusting('{ issuer: https://x.example, subjectPrefix: "repo:" }')).toMatch(/subjectPrefix: is "repo:"/);
    expect(trusting('{ issuer: "http://x.example", subjectPrefix: "repo:contoso/" }')).toMatch(/issuer: is "http:/);
  });

  it("retires nothing before somebody has read what a scan finds", () => {
    expect(readPolicy(shipped, "p.yaml").stages.retire).toBe("observe");
  });

  it("says what of retiring makes no sense together", () => {
    const retiring = (lines: string) => mistakes(`${shipped}\nretire:\n  ${lines}\n`).join();
    const hours = (to: string) => `workingHours: { from: "09:00", to: "${to}", timeZone: UTC }`;
    const hold = "{ id: 00000000-0000-4000-8000-000000000000, until: 2027-01-31, reason: x }";
    expect(retiring(`${hours("15:00")}\n  rareDays: 400`)).toBe("");
    expect(retiring("unusedDays: 200\n  rareDays: 100")).toMatch(/retire.rareDays: is 100; .*200 or more/);
    expect(retiring(hours("09:30"))).toMatch(/retire.workingHours: .*at least an hour/);
    expect(retiring(`holds: [${hold}, ${hold}]`)).toMatch(/holds\[1\].id: .*held above/);
    expect(retiring("noticeDays: 1000")).toMatch(/noticeDays: is 1000/);
  });

  it("names its schema where an editor finds it", () => {
    const named = /\$schema=(\S+)/.exec(shipped)?.[1] ?? "";
    expect(JSON.parse(readFileSync(named, "utf8"))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });
});

describe("the generated schema", () => {
  const ajv = new Ajv({ allErrors: true });
  addFormats.default(ajv);
  // ours, and unknown to editors, which pass over them
  for (const format of ["cidrv4", "cidrv6"]) ajv.addFormat(format, true);
  const validate = ajv.compile(JSON.parse(JSON.stringify(policyJsonSchema())));

  it("accepts the shipped policy", () => {
    expect(validate(parse(shipped)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ["an unknown key", withChange("settle:", "setle:")],
    ["a mode that does not exist", withChange("mode: observe", "mode: monitor")],
    ["a line of the wrong form", withChange("unknown: approve", "unknown: { require: [high-risk] }")],
  ])("refuses %s, as the app does", (_, text) => {
    expect(validate(parse(text))).toBe(false);
    expect(mistakes(text)).not.toEqual([]);
  });
});

describe("a policy with mistakes", () => {
  it("hears of all of them at once, in the order of the file", () => {
    const text = shipped
      .replace("mode: observe #", "mode: monitor #")
      .replace("  contain: enforce", "  contian: enforce")
      .replace("percent: 5", "percent: 500")
      .replace("maxHours: 8", "maxHours: long");
    expect(mistakes(text)).toEqual([
      `${lineOf(text, "mode: monitor")}:7 mode: is "monitor"; expected one of observe, approve, enforce`,
      `${lineOf(text, "stages:")}:1 stages.contain: is missing; expected one of observe, approve, enforce`,
      `${lineOf(text, "contian")}:3 stages.contian: unknown key; did you mean \`contain\`? allowed here: contain, eradicate, retire`,
      `${lineOf(text, "percent: 500")}:12 blastRadius.percent: is 500; expected a number from 0 up to 100`,
      `${lineOf(text, "maxHours: long")}:13 killSwitch.maxHours: is "long"; expected a number above 0`,
    ]);
  });

  it("is told what the branch it meant lacks, not that a union failed", () => {
    const text = withChange("suspiciousSignins: approve", "suspiciousSignins: { mox: approve, require: [high] }");
    const line = lineOf(text, "suspiciousSignins: {");
    expect(mistakes(text)).toEqual([
      `${line}:3 riskEventTypes.suspiciousSignins.max: is missing; expected one of notify, observe, approve, enforce`,
      `${line}:24 riskEventTypes.suspiciousSignins.mox: unknown key; did you mean \`max\`? allowed here: max, require, unattendedEradication`,
      `${line}:48 riskEventTypes.suspiciousSignins.require[0]: is "high"; expected one of ${Requirement.options.join(", ")}`,
    ]);
  });

  it("is told both forms where neither fits", () => {
    const text = withChange("  low: observe", "  low: watch");
    expect(mistakes(text)).toEqual([
      expect.stringMatching(
        /riskLevels\.low: is "watch"; expected one of notify, .*, or a block with max, require, unattendedEradication$/,
      ),
    ]);
  });

  it.each([
    [
      "a name where an id belongs",
      "never: []",
      "never: [Payroll]",
      /protected\.never\[0\]: is "Payroll"; expected a GUID/,
    ],
    ["a half identity", "perDay: 15", "perDay: 1.5", /blastRadius\.perDay: is 1\.5; expected a whole number from 0/],
    ["endless hours", "maxHours: 8", "maxHours: .inf", /killSwitch\.maxHours: is Infinity; expected a number above 0/],
    [
      "an approval that outlives the week",
      "expiresHours: 24",
      "expiresHours: 999",
      /expected a number above 0 up to 168/,
    ],
    ["a key without a value", "maxHours: 8", "maxHours:", /killSwitch\.maxHours: is empty; expected a number/],
    [
      "a list where a block belongs",
      "settle:\n  addedCredentialMinutes: 20",
      "settle: [20]",
      /settle: is a list; expected a block with/,
    ],
    ["another version", "version: 1", "version: 2", /^\d+:10 version: is 2; expected 1$/],
  ])("is told of %s", (_, from, to, message) => {
    expect(mistakes(withChange(from, to))).toEqual([expect.stringMatching(message)]);
  });

  it("never says more than sixty characters of what stands there", () => {
    const [found] = mistakes(withChange("mode: observe", `mode: ${"x".repeat(5000)}`));
    expect(found?.length).toBeLessThan(160);
  });
});

describe("a file that is no valid YAML", () => {
  it("hears of a key written twice together with everything else", () => {
    const text = withChange("mode: observe", "mode: enforce\nmode: watch");
    const found = mistakes(text);
    expect(found).toContainEqual(expect.stringMatching(/^\d+:1 no valid YAML: Map keys must be unique/));
    expect(found).toContainEqual(expect.stringMatching(/mode: is "watch"/));
  });

  it("hears of the syntax, and of what is surely wrong, but not of what may only be out of place", () => {
    const found = mistakes(withChange("stages:\n", "stages: [\n").replace("percent: 5", "percent: 500"));
    expect(found.some((line) => line.includes("no valid YAML"))).toBe(true);
    expect(found.some((line) => line.includes("is missing"))).toBe(false);
  });

  it.each([
    ["nothing", "", /^1:1 the file: is empty; expected a block with version, tenantId/],
    ["a sentence", "hello", /^1:1 the file: is "hello"; expected a block/],
    ["two documents", `${shipped}---\n${shipped}`, /no valid YAML: Source contains multiple documents/],
    ["an alias of nothing", "version: *one", /^1:10 no valid YAML: Unresolved alias/],
    ["an unknown tag", withChange("version: 1", "version: !int 1"), /^\d+:10 no valid YAML: Unresolved tag: !int/],
    [
      "a tab for indentation",
      withChange("  contain: enforce", "\tcontain: enforce"),
      /no valid YAML: Tabs are not allowed/,
    ],
    [
      "a list as a key",
      withChange("  never: []", "  [a]: []"),
      /no valid YAML: With stringKeys, all keys must be strings/,
    ],
  ])("is told so when it is %s", (_, text, message) => {
    expect(mistakes(text)).toContainEqual(expect.stringMatching(message));
  });

  it("fails with our own error whatever the text is", () => {
    const pieces = [": ", "- ", "\n", "  ", "&a ", "*a", ..."{}[]\"'#|>", "!!x", "? ", "mode", "---\n"];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 30 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (broken) => {
        expect(mistakes(broken)).not.toEqual([]);
        expect(mistakes(`${shipped}\n${broken}\n:`)).not.toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
