/** Under what an answer is kept: two versions answer one path differently, and a first page is not the whole list. */
import type { ApiRequest } from "../../ports/tenant.ts";

export type ReadKey = string;

export function readKey({ version, path, allPages }: Pick<ApiRequest, "version" | "path" | "allPages">): ReadKey {
  return `${allPages === true ? "all of " : ""}${version}${path}`;
}
