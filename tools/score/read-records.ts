/** One file of the corpus to the records in it, in the order its labels count them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { isFields } from "../../shared/records/fields.ts";
import { type Opened, openEnvelope } from "../../shared/records/index.ts";
import type { Corpus } from "./corpus.ts";
import { asHubRecord } from "./shapes.ts";

/** No file, no records. */
export async function readRecords({ folder }: Corpus, file: string): Promise<readonly Opened[]> {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const body = file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  const isTable = /\.csv(\.gz)?$/i.test(file);
  const opened: readonly Opened[] = isTable
    ? parse(body, { columns: true, bom: true }).map((record: unknown): Opened => ({ ok: true, record }))
    : openEnvelope(body);
  return opened.flatMap((one) =>
    one.ok
      ? logsIn(one.record).map(
          (record): Opened => ({ ok: true, record: isFields(record) ? asHubRecord(record) : record }),
        )
      : [one],
  );
}

/** Publishers' files of tests hold each record as the `log` of one. */
function logsIn(record: unknown): readonly unknown[] {
  if (!isFields(record) || !Array.isArray(record.tests)) return [record];
  return record.tests.map((test) => (isFields(test) ? test.log : test));
}
