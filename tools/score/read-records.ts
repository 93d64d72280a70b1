/** One file of the corpus to the records in it, in the order its labels count them: read as the time machine reads exports. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isFields } from "../../shared/records/fields.ts";
import { openEnvelope } from "../../shared/records/index.ts";
import { tenantOfRecord } from "../../shared/records/raw-record.ts";
import { recordsIn } from "../replay/shapes/shape.ts";
import type { Piece } from "../replay/sources/piece.ts";
import { readSource } from "../replay/sources/read-source.ts";
import { fileSource } from "../replay/sources/source.ts";
import type { Corpus } from "./corpus.ts";

/** One place of a file: a record, or why there is none. */
export type Place =
  | { readonly ok: true; readonly record: unknown; readonly tenantId: string }
  | { readonly ok: false; readonly why: string };

/** Of exports that name no tenant. */
const standInTenant = "5611623b-9128-461e-9d7f-a0d9c270ead2";
/** Of rows whose query left out every column of time: any day will do, for nothing is late in a corpus. */
const standInTime = "2021-08-17T00:00:00Z";

/** No file, no records. */
export async function readRecords({ folder }: Corpus, file: string): Promise<readonly Place[]> {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  const pieces: Piece[] = [];
  for await (const some of readSource(await fileSource(path), () => undefined)) pieces.push(...some);
  return (pieces.every(({ ok }) => ok) ? pieces : moreOf(pieces, asOneEvent(readFileSync(path)))).flatMap(placesIn);
}

/** As the hub would carry it: an envelope reads pretty-printed objects in a row, with commas or broken ones between them. */
function asOneEvent(body: Uint8Array): readonly Piece[] {
  return openEnvelope(body).map((one) =>
    one.ok ? { ok: true, value: one.record, beside: null, bytes: 0 } : { ok: false, line: 1, why: one.letter.detail },
  );
}

function moreOf(a: readonly Piece[], b: readonly Piece[]): readonly Piece[] {
  const readIn = (pieces: readonly Piece[]) => pieces.filter(({ ok }) => ok).length;
  return readIn(b) > readIn(a) ? b : a;
}

function placesIn(piece: Piece): readonly Place[] {
  if (!piece.ok) return [{ ok: false, why: piece.why }];
  return logsIn(piece.value).flatMap((value) =>
    recordsIn(value, piece.beside).map(({ record, at, ofAskedTenant }): Place => {
      if (!isFields(record)) return { ok: true, record, tenantId: standInTenant };
      // only what was exported as something else than a record is without time by its exporter's doing
      const timed = at === null && record !== value ? { ...record, time: standInTime } : record;
      const named = ofAskedTenant ? { ...timed, tenantId: standInTenant } : timed;
      // the records are of many tenants: each is read as a record of its own
      return { ok: true, record: named, tenantId: tenantOfRecord(named) ?? standInTenant };
    }),
  );
}

/** Publishers' files of tests hold each record as the `log` of one. */
function logsIn(value: unknown): readonly unknown[] {
  if (!isFields(value) || !Array.isArray(value.tests)) return [value];
  return value.tests.map((test) => (isFields(test) ? test.log : test));
}
