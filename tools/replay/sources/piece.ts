/** What a reader of one format hands on: JSON values, and what could not be read. */

export type Piece =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** members beside the list that the value stood in, as far as they came before it: `@odata.context`, `columns` */
      readonly beside: Readonly<Record<string, unknown>> | null;
      /** about how much of the source it took */
      readonly bytes: number;
    }
  | {
      readonly ok: false;
      /** from 1; of a capture: the number of its event */
      readonly line: number;
      readonly why: string;
    };

/** Reads chunks of one source to pieces; never throws for what the bytes say. */
export type Reader = (chunks: AsyncIterable<Buffer>) => AsyncIterable<readonly Piece[]>;

/** Longer ones are no records of Entra (an event of the hub has at most 1 MB): skipped without being held. */
export const longestRecordBytes = 16 * 1024 * 1024;

export const tooLong = `longer than ${longestRecordBytes / 1024 / 1024} MB, which no record is`;

export function good(value: unknown, bytes: number, beside: Readonly<Record<string, unknown>> | null = null): Piece {
  return { ok: true, value, beside, bytes };
}

export function bad(line: number, why: string): Piece {
  return { ok: false, line, why };
}

/** What a parser said, without the piece of the record it quotes, and not too long. */
export function saidBy(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/, ?(?:\.\.\.)?".*$/, "")
    .slice(0, 120);
}
