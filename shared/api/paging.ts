/** Cursor paging, the same for every listing: newest first, and a cursor that only the next request needs to understand. */
import { z } from "zod";

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("entries of one page"),
  cursor: z.string().max(500).optional().describe("`nextCursor` of the page before"),
});
export type PageQuery = z.infer<typeof PageQuery>;

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe("null: this is the last page"),
  });
}
