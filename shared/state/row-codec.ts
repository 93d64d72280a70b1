/** A JSON value ↔ the properties of one entity: `v` as readable JSON while it is short, `z0`… gzipped when it is not. */
import { gunzipSync, gzipSync } from "node:zlib";
import { TerminalError } from "../domain/errors.ts";

/** A string property holds 64 KiB, that is 32 Ki UTF-16 units. */
const maxPlainLength = 32_000;
/** A binary property holds 64 KiB. */
const chunkBytes = 60_000;
/** An entity holds 1 MiB with its names and keys. */
const maxStoredBytes = 900_000;
const maxJsonLength = 16 * 1024 * 1024;
const maxJsonBytes = 64 * 1024 * 1024;

export type ValueProperties = Record<string, string | Uint8Array>;

/** Throws TerminalError `value-too-large` or `not-json` when the value cannot be kept in one row. */
export function encodeValue(value: unknown): ValueProperties {
  const json = stringify(value);
  if (json.length <= maxPlainLength) return { v: json };
  if (json.length > maxJsonLength) throw tooLarge(json.length);
  const bytes = gzipSync(json);
  if (bytes.length > maxStoredBytes) throw tooLarge(json.length);
  const properties: ValueProperties = {};
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    properties[`z${at / chunkBytes}`] = bytes.subarray(at, at + chunkBytes);
  }
  return properties;
}

/** Throws TerminalError `row-unreadable` for an entity that `encodeValue` did not make. */
export function decodeValue(entity: Readonly<Record<string, unknown>>): unknown {
  try {
    return JSON.parse(typeof entity.v === "string" ? entity.v : unzip(entity));
  } catch (cause) {
    const where = `${String(entity.partitionKey)} / ${String(entity.rowKey)}`;
    throw new TerminalError(
      `The stored row ${where} cannot be read; it was damaged or edited by hand. Delete it or restore it.`,
      { code: "row-unreadable", cause },
    );
  }
}

function stringify(value: unknown): string {
  // JSON.stringify writes lone surrogates as escapes, so the text survives UTF-8.
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined)
    throw new TerminalError("A value without a JSON form cannot be stored.", { code: "not-json" });
  return json;
}

function unzip(entity: Readonly<Record<string, unknown>>): string {
  const chunks: Uint8Array[] = [];
  for (let chunk = entity.z0; chunk instanceof Uint8Array; chunk = entity[`z${chunks.length}`]) chunks.push(chunk);
  return gunzipSync(Buffer.concat(chunks), { maxOutputLength: maxJsonBytes }).toString("utf8");
}

function tooLarge(length: number): TerminalError {
  return new TerminalError(
    `A value of ${length} characters does not fit one Table Storage row (${maxStoredBytes} bytes, gzipped).`,
    { code: "value-too-large" },
  );
}
