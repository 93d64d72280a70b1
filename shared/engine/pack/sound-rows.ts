/** Rows that somebody edited until they have no shape any more are told of, and the rest is still shown. */
import type { z } from "zod";
import { Incident } from "../../domain/incident.ts";
import type { Partition } from "../rows/partition.ts";
import { FindingRow, IdentityRecord, KindRow, rowKey, SignedRow, StageRow, StepRow } from "../rows/rows.ts";

export interface PackProblem {
  /** row key, section or place in the ledger */
  readonly where: string;
  /** one sentence */
  readonly what: string;
}

const shapes: readonly (readonly [prefix: string, shape: z.ZodType])[] = [
  [rowKey.identity, IdentityRecord],
  [rowKey.kind, KindRow],
  [rowKey.incident(""), Incident],
  [rowKey.finding(""), FindingRow],
  [rowKey.plan(""), SignedRow],
  ["stage|", StageRow],
  ["step|", StepRow],
  ["approval|", SignedRow],
];

export function soundRows({ key, rows }: Partition): {
  readonly partition: Partition;
  readonly problems: readonly PackProblem[];
} {
  const broken = [...rows.values()].filter(({ key: row, value }) => !fits(row, value)).map((row) => row.key);
  return {
    partition: { key, rows: new Map([...rows].filter(([row]) => !broken.includes(row))) },
    problems: broken.map((where) => ({ where, what: "the row is not of its shape: somebody edited or damaged it" })),
  };
}

function fits(key: string, value: unknown): boolean {
  const shape = shapes.find(([prefix]) => (prefix.endsWith("|") ? key.startsWith(prefix) : key === prefix))?.[1];
  return shape === undefined || shape.safeParse(value).success;
}
