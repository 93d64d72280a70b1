/** What the properties are held against: one record of everything that is read, and the real ones where they are at hand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../bench/mutations/places.ts";
import { seedRecords } from "../../bench/mutations/seed-records.ts";
import { openEnvelope } from "../../shared/records/index.ts";
import { corpusFiles, findCorpus } from "../../tools/score/corpus.ts";

/** Of one file a few tell as much as all. */
const mostOfOneFile = 12;

export function recordsToBend(): readonly Json[] {
  return [...seedRecords(), ...realRecords()];
}

function realRecords(): readonly Json[] {
  const corpus = findCorpus();
  if (!corpus.exists) {
    console.log(`SKIPPED: no real records in ${corpus.folder}; the hand-written ones are bent alone.`);
    return [];
  }
  return corpusFiles(corpus).flatMap((file) => {
    const opened = openEnvelope(readFileSync(join(corpus.folder, file)));
    const records = opened.flatMap((one) => (one.ok && isRecord(one.record) ? [one.record] : []));
    const step = Math.max(1, Math.floor(records.length / mostOfOneFile));
    return records.filter((_, i) => i % step === 0);
  });
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
