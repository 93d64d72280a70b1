import { beforeAll, describe, expect, test } from "vitest";
import { corpusExists, corpusFiles, corpusFolder, corpusLabels, type Went, walk } from "./corpus.ts";

if (!corpusExists) {
  console.log(
    `SKIPPED: no records in ${corpusFolder}. Name the folder that holds labels.ndjson in TOURNIQUET_RECORDS.`,
  );
}

/** A table of the Log Analytics export: the same five records are read from `derived`, as the hub would carry them. */
const rewrapped = new Map([
  ["azure-sentinel/TrainingLab-AuditLogs_Hunting.csv", "derived/azure-sentinel.traininglab.eventhub.ndjson"],
]);

/** Labelled an attack, yet not found, and rightly so. */
const notFound = new Map([
  // the label says that a secret was added, but the record's list goes from one key to none: this is its removal
  ["derived/invictus.part1-2021-03_06.eventhub.ndjson#40", "credentials-changed"],
  // a group was given the role, and a group is no workload identity
  ["derived/invictus.part1-2021-03_06.eventhub.ndjson#127", "ignored: no-workload-target"],
  // the publisher masked the victim's id, and no one can be contained by a masked id
  ["azure-sentinel/TrainingLab-AuditLogs_Hunting.csv#1", "dead letter: no-victim"],
  ["microsoft-graph-docs/servicePrincipalRiskDetections.list-response.json#0", "dead letter: no-victim"],
]);

/** Labelled "TN?": an owner adds a secret to a new application. The record alone does not tell it from an attack; it asks. */
const foundBeyond = [
  "derived/invictus.part1-2021-03_06.eventhub.ndjson#191",
  "derived/invictus.part1-2021-03_06.eventhub.ndjson#203",
];

describe.skipIf(!corpusExists)("real records", () => {
  let went: Went[] = [];
  const of = (file: string, index: number) =>
    went.find((one) => one.file === (rewrapped.get(file) ?? file) && one.index === index);

  beforeAll(() => {
    went = corpusFiles().flatMap(walk);
    console.log(table(went));
  });

  test("each has an answer, and none of them is a failure of ours", () => {
    expect(went.length).toBeGreaterThan(0);
    for (const file of corpusFiles())
      expect(
        went.filter((one) => one.file === file),
        file,
      ).not.toHaveLength(0);
    expect(went.filter((one) => one.as === "dead letter: failed")).toEqual([]);
  });

  test("a record that is not JSON takes nothing else with it", () => {
    const notJson = went.filter((one) => one.as === "dead letter: not-json").map((one) => `${one.file}#${one.index}`);
    expect(notJson).toEqual([
      "azure-sentinel/TrainingLab-AuditLogs_Hunting.csv#0",
      "elastic-integrations/platformlogs.malformed-json-single-quotes.log#0",
      "stratus-red-team/azure.privilege-escalation.root-user-access-administrator.2.json.txt#0",
      "stratus-red-team/entra-id.persistence.guest-user.json.txt#0",
    ]);
  });

  const claimed = /^(A[1-5]|A1[12]|B1|B[5-8]|C[124]|D[1-3])$/;

  test("every attack of the patterns we claim is found", () => {
    const attacks = corpusLabels().filter((one) => one.label === "TP" && claimed.test(one.pattern));
    expect(attacks.length).toBeGreaterThan(0);
    for (const { file, index } of attacks) {
      const excused = notFound.get(`${file}#${index}`);
      if (excused === undefined) expect(of(file, index)?.found, `${file}#${index}`).toHaveLength(1);
      else expect(of(file, index)?.as, `${file}#${index}`).toBe(excused);
    }
  });

  test("nothing that is labelled benign is found", () => {
    const benign = corpusLabels().filter((one) => one.label === "TN");
    expect(benign.length).toBeGreaterThan(0);
    for (const { file, index } of benign) expect(of(file, index)?.found ?? [], `${file}#${index}`).toEqual([]);
  });

  test("what is found beyond that is named here, so that a change is seen", () => {
    const attacks = new Set(
      corpusLabels()
        .filter((one) => one.label === "TP")
        .map((one) => `${rewrapped.get(one.file) ?? one.file}#${one.index}`),
    );
    const beyond = went.filter((one) => one.found.length > 0 && !attacks.has(`${one.file}#${one.index}`));
    expect(beyond.map((one) => `${one.file}#${one.index}`)).toEqual(foundBeyond);
  });
});

/** Counts per publisher: where its records went, and what was found in them. */
function table(went: readonly Went[]): string {
  const sources = Map.groupBy(went, (one) => one.file.split("/")[0] ?? "");
  return [...sources].map(([source, records]) => `${source}: ${records.length} records${counts(records)}`).join("\n");
}

function counts(records: readonly Went[]): string {
  const ways = Map.groupBy(records, (one) => one.as);
  const findings = Map.groupBy(
    records.flatMap((one) => one.found),
    (id) => id,
  );
  const lines = [...ways].sort().map(([as, some]) => `\n  ${String(some.length).padStart(4)} ${as}`);
  return [...lines, ...[...findings].map(([id, some]) => `\n  ${String(some.length).padStart(4)} findings ${id}`)].join(
    "",
  );
}
