/** The baseline: the same pages, one after the other, parsed and forgotten. */
import { scanParts } from "../../shared/engine/unused/scan/scan-parts.ts";

export interface PagesRead {
  readonly pages: number;
  /** with pages as large as Graph's largest */
  readonly least: number;
  readonly elapsedMs: number;
}

const mostItems = 999;

/** Throws when an answer is no page. */
export async function readBare(graphUrl: string, token: string): Promise<PagesRead> {
  const before = performance.now();
  let [pages, least] = [0, 0];
  for (const { request } of Object.values(scanParts)) {
    let items = 0;
    let next: string | undefined = `${graphUrl}/${request.version}${request.path}`;
    while (next !== undefined) {
      const answer = await fetch(next, { headers: { authorization: `Bearer ${token}` } });
      const page = JSON.parse(await answer.text()) as { value?: readonly unknown[]; "@odata.nextLink"?: string };
      if (page.value === undefined) throw new Error(`${next} was answered with ${answer.status} and no page.`);
      pages += 1;
      items += page.value.length;
      next = page["@odata.nextLink"];
    }
    least += Math.max(1, Math.ceil(items / mostItems));
  }
  return { pages, least, elapsedMs: performance.now() - before };
}
