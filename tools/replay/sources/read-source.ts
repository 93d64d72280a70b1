/** Tells the format of a source by its beginning, never by its name, and reads it to pieces. */
import { readAvro } from "./avro.ts";
import { plainBytes } from "./bytes.ts";
import { readCsv } from "./csv.ts";
import { readDocument } from "./document.ts";
import { readLines, withoutComma } from "./lines.ts";
import { bad, type Piece, type Reader, saidBy } from "./piece.ts";
import { type Source, unreadable } from "./source.ts";

/** Bytes that went through, for a progress bar. */
export type Seen = (bytes: number) => void;

/** Throws TerminalError `unreadable` for what is no export at all (a ZIP archive); all else it cannot read is a bad piece. */
export async function* readSource(source: Source, seen: Seen): AsyncIterable<readonly Piece[]> {
  try {
    const { head, chunks } = await plainBytes(counted(source.open(), seen));
    yield* readerOf(head, source.name)(chunks);
  } catch (error) {
    if (isRefusal(error)) throw error;
    yield [bad(0, `the rest of the file cannot be read: ${saidBy(error)}`)];
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "unreadable";
}

async function* counted(chunks: AsyncIterable<Uint8Array>, seen: Seen): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    seen(chunk.byteLength);
    yield chunk;
  }
}

function readerOf(head: Buffer, name: string): Reader {
  if (startsWith(head, "Obj\x01")) return readAvro;
  if (startsWith(head, "PK\x03\x04")) throw unreadable(`${name} is a ZIP archive; unpack it and name the files in it`);
  if (startsWith(head, "PAR1")) throw unreadable(`${name} is a Parquet file; export it as JSON lines or CSV`);
  const text = head.toString("utf8").replace(/^[\uFEFF\s]+/, "");
  const first = text[0];
  if (first === "{" || first === "[") return isLines(text) ? readLines : readDocument;
  return isCsvHeader(text) ? readCsv : readLines;
}

function startsWith(head: Buffer, magic: string): boolean {
  return head.subarray(0, magic.length).equals(Buffer.from(magic, "latin1"));
}

const looked = 200;

/** Of the lines that can be seen whole, one is a value by itself and not indented, as the lines of a printed document are. */
function isLines(text: string): boolean {
  const lines = text.split("\n", looked);
  const [first = ""] = lines;
  const isOneLine = lines.filter((line) => line.trim() !== "").length === 1;
  // one document in one line, and nothing after it: read as one, however large
  if (isOneLine) return false;
  return isJson(first) || lines.some((line) => line.startsWith("{") && isJson(line));
}

function isJson(line: string): boolean {
  try {
    const value: unknown = JSON.parse(withoutComma(line));
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

const columns = /(?:^|,)\s*"?(?:TimeGenerated|OperationName|Type|Category|_ResourceId|Id|AppId|ServicePrincipalId)\b/i;

function isCsvHeader(text: string): boolean {
  const header = text.split("\n", 1)[0] ?? "";
  return header.includes(",") && columns.test(header);
}
