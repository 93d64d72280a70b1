/** What is counted of records before anything is made of them. */
import type { Piece } from "../sources/piece.ts";
import type { BadLines } from "./report.ts";

type BadPiece = Extract<Piece, { ok: false }>;

export interface FeedCounts {
  read: number;
  /** names of the sources that held a record */
  readonly sources: Set<string>;
  outsideTime: number;
  withoutTime: number;
  late: number;
  events: number;
  duplicates: number;
  first: number | null;
  last: number | null;
  bad(source: string, piece: BadPiece): void;
  spans(at: number): void;
  badLines(): readonly BadLines[];
}

const mostShown = 10;
const mostFiles = 1_000;

export function createFeedCounts(): FeedCounts {
  const files = new Map<string, { count: number; first: { line: number; why: string }[] }>();
  return {
    read: 0,
    sources: new Set(),
    outsideTime: 0,
    withoutTime: 0,
    late: 0,
    events: 0,
    duplicates: 0,
    first: null,
    last: null,
    bad(source, { line, why }) {
      const name = files.has(source) || files.size < mostFiles ? source : "more files";
      const file = files.get(name) ?? { count: 0, first: [] };
      files.set(name, file);
      file.count += 1;
      if (file.first.length < mostShown) file.first.push({ line, why });
    },
    spans(at) {
      this.first = Math.min(this.first ?? at, at);
      this.last = Math.max(this.last ?? at, at);
    },
    badLines: () =>
      [...files].map(([file, { count, first }]) => ({ file, count, first })).sort((a, b) => (a.file < b.file ? -1 : 1)),
  };
}
