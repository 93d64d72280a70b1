/** What a scan keeps, in memory. */
import type { ScanStore, StoredScan } from "../../shared/ports/scan-store.ts";
import { Cell, type MemoryData } from "./memory-cells.ts";

export function scanStore(data: MemoryData): ScanStore {
  const head = (tenantId: string) => new Cell<StoredScan>(data, "scan", tenantId);
  const key = (tenantId: string, scanId: string, part: string, page: number) =>
    `${tenantId}|${scanId}|${part}|${String(page).padStart(6, "0")}`;
  return {
    get: async (tenantId) => head(tenantId).get() ?? null,
    async put(tenantId, value, etag) {
      if ((head(tenantId).get()?.etag ?? null) !== etag) return null;
      const next = `v${++data.version}`;
      head(tenantId).set({ value: structuredClone(value), etag: next });
      return next;
    },
    async putPage(tenantId, scanId, part, page, value) {
      new Cell(data, "scan-pages", key(tenantId, scanId, part, page)).set(structuredClone(value));
    },
    async *pages(tenantId, scanId, part) {
      for (let page = 0; ; page += 1) {
        const value = new Cell(data, "scan-pages", key(tenantId, scanId, part, page)).get();
        if (value === undefined) return;
        yield value;
      }
    },
    async drop(tenantId, scanId) {
      const pages = data.simple.get("scan-pages");
      for (const one of [...(pages?.keys() ?? [])]) if (one.startsWith(`${tenantId}|${scanId}|`)) pages?.delete(one);
    },
  };
}
