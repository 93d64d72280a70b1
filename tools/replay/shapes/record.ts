/** What is fed: one raw record as a diagnostic setting writes it, whatever it was exported as. */
import { type Fields, field, isFields, propertiesOf } from "../../../shared/records/fields.ts";
import { parseTime } from "../../../shared/records/time.ts";

export interface Exported {
  readonly record: unknown;
  /** epoch ms, the record's own; null: it has none that can be read */
  readonly at: number | null;
  /** an export that names the tenant nowhere: it is ours, since we asked for it */
  readonly ofAskedTenant: boolean;
}

/** When the record was written, or where that is not said, when what it tells of happened or was detected. */
const times = ["time", "TimeGenerated"];
const innerTimes = [
  "detectedDateTime",
  "riskLastUpdatedDateTime",
  "lastUpdatedDateTime",
  "activityDateTime",
  "createdDateTime",
];

export function exported(record: unknown, ofAskedTenant = false): Exported {
  return { record, at: isFields(record) ? timeOf(record) : null, ofAskedTenant };
}

function timeOf(record: Fields): number | null {
  const time = firstOf(record, times) ?? firstOf(propertiesOf(record), innerTimes);
  return time === null ? null : Date.parse(time);
}

function firstOf(source: Fields, names: readonly string[]): string | null {
  for (const name of names) {
    const time = parseTime(field(source, name));
    if (time !== null) return time;
  }
  return null;
}
