/** Ids that stand in one record are of one identity, as alias rows keep it. */

/** Answers one id for all that are joined, directly or by way of others. */
export function joinIds(together: readonly (readonly string[])[]): (id: string) => string {
  const next = new Map<string, string>();
  const nameOf = (id: string) => {
    let name = id;
    for (let to = next.get(name); to !== undefined; to = next.get(name)) name = to;
    return name;
  };
  for (const [first, ...others] of together) {
    if (first === undefined) continue;
    for (const other of others) {
      const [from, to] = [nameOf(other), nameOf(first)];
      if (from !== to) next.set(from, to);
    }
  }
  return nameOf;
}
