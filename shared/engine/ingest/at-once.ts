/** The same work on many things, so many of them at the same time. */
import pLimit from "p-limit";

export async function forEachAtOnce<T>(
  most: number,
  things: Iterable<T>,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const all = [...things];
  // nothing to hold back, and most batches are of that kind
  if (all.length <= most) await Promise.all(all.map(work));
  else await pLimit(most).map(all, work);
}
