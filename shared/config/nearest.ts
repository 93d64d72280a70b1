/** "Did you mean": the known word a misspelt one most likely stands for. */

/** Null when nothing is near: more than a third of the letters, or more than three, would have to change. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let allowed = Math.min(3, Math.ceil(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance >= allowed) continue;
    best = candidate;
    allowed = distance;
  }
  return best;
}

/** Levenshtein: how many letters must be put in, taken out or exchanged. One row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++) {
      const exchange = (row[j - 1] ?? 0) + (b[j - 1] === letter ? 0 : 1);
      next.push(Math.min(exchange, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
