/**
 * Where a scan of the whole tenant keeps what it read, page by page, so that a run that the platform cut short goes on where it was.
 * Methods throw as those of the other stores do.
 */

/** JSON-safe. What it means is the engine's to say (`engine/unused/scan/scan-state.ts`). */
export interface StoredScan {
  readonly value: unknown;
  /** opaque */
  readonly etag: string;
}

export interface ScanStore {
  /** The tenant's one row: the scan in hand and the last whole one. Null: there never was one. */
  get(tenantId: string): Promise<StoredScan | null>;
  /** Replaces the row that `etag` names (null: there must be none). Null: lost a race, read again; else the new etag. */
  put(tenantId: string, value: unknown, etag: string | null): Promise<string | null>;
  /** The same page again replaces itself. `expiresAt` in epoch ms. Throws TerminalError `value-too-large` beyond 1 MiB of gzip. */
  putPage(
    tenantId: string,
    scanId: string,
    part: string,
    page: number,
    value: unknown,
    expiresAt: number,
  ): Promise<void>;
  /** The pages of a part in their order; one that is missing ends it. */
  pages(tenantId: string, scanId: string, part: string): AsyncIterable<unknown>;
  /** Deletes everything of a scan. */
  drop(tenantId: string, scanId: string): Promise<void>;
}
