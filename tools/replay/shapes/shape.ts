/** One JSON value of an export → the records in it. Never throws; what is none of the known shapes is a record as it is. */
import { asText, type Fields, field, isFields } from "../../../shared/records/fields.ts";
import { fromGraph } from "./graph-page.ts";
import { fromLogAnalytics } from "./log-analytics.ts";
import { type Exported, exported } from "./record.ts";

/** Wrappers within lists within wrappers: more is none of ours, and the engine says so. */
const deepest = 4;

/** `beside`: what stood beside the list that the value was in. */
export function recordsIn(value: unknown, beside: Fields | null = null, depth = 0): readonly Exported[] {
  if (Array.isArray(value)) return listIn(value, beside, depth);
  if (!isFields(value) || depth > deepest) return [exported(value)];
  // a row has `Category` and `OperationName`, too
  const row = fromLogAnalytics(value);
  if (row !== null) return [row];
  if (isEnvelope(value)) return [exported(value)];
  const wrapped = listOf(value);
  if (wrapped !== null) return wrapped.flatMap((item) => recordsIn(item, value, depth + 1));
  const tables = field(value, "tables");
  if (Array.isArray(tables)) return tables.flatMap((table) => recordsIn(table, null, depth + 1));
  const rows = field(value, "rows");
  if (Array.isArray(rows)) return rows.flatMap((row) => recordsIn(row, value, depth + 1));
  return [fromGraph(value, contextOf(beside)) ?? exported(value)];
}

/** A list is a row where columns are beside it, else a list of such values. */
function listIn(value: readonly unknown[], beside: Fields | null, depth: number): readonly Exported[] {
  const columns = beside === null ? undefined : field(beside, "columns");
  if (Array.isArray(columns)) return recordsIn(rowOf(columns, value), null, depth + 1);
  return depth > deepest ? [exported(value)] : value.flatMap((item) => recordsIn(item, null, depth + 1));
}

function rowOf(columns: readonly unknown[], cells: readonly unknown[]): Fields {
  const names = columns.map((column) => (isFields(column) ? (asText(field(column, "name")) ?? "") : ""));
  return Object.fromEntries(names.map((name, i) => [name, cells[i]]));
}

/** A record as a diagnostic setting writes it: a category, and properties or a resource. Graph's audits have a category, too. */
function isEnvelope(value: Fields): boolean {
  if (typeof field(value, "category") !== "string") return false;
  return field(value, "properties") !== undefined || field(value, "operationName") !== undefined;
}

function listOf(value: Fields): readonly unknown[] | null {
  const list = field(value, "records") ?? field(value, "value");
  return Array.isArray(list) ? list : null;
}

function contextOf(beside: Fields | null): unknown {
  return beside === null ? undefined : field(beside, "@odata.context");
}
