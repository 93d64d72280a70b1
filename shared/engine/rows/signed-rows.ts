/** Rows that authorise, as they lie in the table: what is of no such shape is a row that no signature holds for. */
import type { Partition } from "./partition.ts";
import { SignedRow } from "./rows.ts";

/** Nobody signed it, so whoever reads it says what an altered row means there. It must not keep the other rows from use. */
const nobodys: SignedRow = { payload: "", signature: "" };

/** Null: there is none. */
export function signedRow(partition: Partition, key: string): SignedRow | null {
  const row = partition.rows.get(key);
  return row === undefined ? null : (SignedRow.safeParse(row.value).data ?? nobodys);
}

/** All whose key begins with the prefix, with what follows it, in key order. */
export function signedRows(
  partition: Partition,
  prefix: string,
): readonly { readonly id: string; readonly value: SignedRow }[] {
  const keys = [...partition.rows.keys()].filter((key) => key.startsWith(prefix)).sort();
  return keys.map((key) => ({ id: key.slice(prefix.length), value: signedRow(partition, key) ?? nobodys }));
}
