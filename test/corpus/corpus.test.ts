/** Real records nobody on this project wrote, through the same code as `npm run score`, and each of them, not only the labelled. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { readPolicy } from "../../shared/config/policy-file.ts";
import { detections } from "../../shared/engine/registry.ts";
import { corpusFiles, findCorpus, readLabels } from "../../tools/score/corpus.ts";
import { readDisputed } from "../../tools/score/disputed.ts";
import { type Verdict, verdictOf } from "../../tools/score/verdicts.ts";
import { type Went, walk } from "../../tools/score/walk.ts";

const corpus = findCorpus();

if (!corpus.exists) {
  console.log(
    `SKIPPED: no records in ${corpus.folder}. Name the folder that holds labels.ndjson in TOURNIQUET_RECORDS.`,
  );
}

/** Published as text that is no JSON, in one place each: what lies beside it is read. */
const notJson = [
  "elastic-integrations/platformlogs.malformed-json-single-quotes.log",
  "stratus-red-team/azure.privilege-escalation.root-user-access-administrator.2.json.txt",
  "stratus-red-team/entra-id.persistence.guest-user.json.txt",
];

/** Labelled benign, and still worth a line in the inventory: whoever created them had an id, and no known name of the platform. */
const onlyObserved = [
  "derived/invictus.part1-2021-03_06.eventhub.ndjson#36",
  "derived/invictus.part1-2021-03_06.eventhub.ndjson#5",
];

describe.skipIf(!corpus.exists)("real records", () => {
  const all = new Map<string, readonly Went[]>();
  let verdicts: readonly Verdict[] = [];
  const of = <K extends Verdict["is"]>(is: K) =>
    verdicts.filter((one): one is Extract<Verdict, { is: K }> => one.is === is);

  beforeAll(async () => {
    for (const file of corpusFiles(corpus)) all.set(file, await walk(corpus, file));
    const judged = {
      policy: readPolicy(readFileSync("policy.yaml", "utf8"), "policy.yaml"),
      patterns: new Map([...detections.values()].map(({ id, patterns }) => [id, patterns])),
      disputed: readDisputed(),
    };
    verdicts = readLabels(corpus).map((label) => verdictOf(label, all.get(label.file)?.[label.index] ?? null, judged));
    console.log(table([...all.values()].flat()));
  });

  test("each has an answer, and none of them is a failure of ours", () => {
    expect(all.size).toBeGreaterThan(0);
    for (const [file, went] of all) {
      expect(went, file).not.toHaveLength(0);
      expect(
        went.filter(({ as }) => as === "dead letter: failed"),
        file,
      ).toEqual([]);
    }
  });

  test("what is no JSON takes nothing else with it", () => {
    for (const [file, went] of all) {
      const unread = went.filter(({ as }) => as === "dead letter: not-read");
      if (!notJson.includes(file)) expect(unread, file).toEqual([]);
    }
  });

  test("every attack of the patterns we promise is found, but for labels that their records contradict", () => {
    expect(of("found").length).toBeGreaterThan(0);
    expect(of("missed").map(nameOf)).toEqual([]);
    expect(of("disputed").length).toBeLessThanOrEqual(readDisputed().length);
  });

  test("nothing that is labelled benign is acted upon or asked about, and hardly anything is noted", () => {
    const hits = of("hit");
    expect(hits.filter(({ acting }) => acting.length > 0).map(nameOf)).toEqual([]);
    const present = onlyObserved.filter((name) => all.has(name.replace(/#.*/, "")));
    expect(hits.map(nameOf).sort()).toEqual(present);
  });

  test("nothing is acted upon or asked about that nobody labelled an attack", () => {
    const policy = readPolicy(readFileSync("policy.yaml", "utf8"), "policy.yaml");
    const acts = (id: string) => ["approve", "enforce"].includes(policy.detections[id]?.max ?? "observe");
    const acting = of("neither").filter(({ by }) => by.some(acts));
    expect(acting.map(nameOf)).toEqual([]);
  });
});

function nameOf({ label: { file, index } }: Verdict): string {
  return `${file}#${index}`;
}

/** Counts per publisher: where its records went, and what was found in them. */
function table(went: readonly Went[]): string {
  const sources = Map.groupBy(went, (one) => one.file.split("/")[0] ?? "");
  return [...sources].map(([source, records]) => `${source}: ${records.length} records${counts(records)}`).join("\n");
}

function counts(records: readonly Went[]): string {
  const ways = Map.groupBy(records, (one) => one.as);
  const found = records.flatMap((one) => one.found.map(({ detection }) => detection));
  const lines = [...ways].sort().map(([as, some]) => `\n  ${String(some.length).padStart(4)} ${as}`);
  const findings = [...Map.groupBy(found, (id) => id)].map(
    ([id, some]) => `\n  ${String(some.length).padStart(4)} findings ${id}`,
  );
  return [...lines, ...findings].join("");
}
