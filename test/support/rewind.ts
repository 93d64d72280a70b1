/** A world as it was at a moment, so that many plays can go on from there without playing again what came before. */
import type { World } from "./harness-world.ts";

export interface Moment {
  /** Puts the world back. A process that is to go on must be started anew: what it had in mind is not kept. */
  readonly restore: () => void;
  /** what each part of the world was, by reference */
  readonly parts: readonly unknown[];
}

const lists = ["hub", "published", "told", "log"] as const;

/** `before`: the moment noted last, which is answered if nothing at all was written since. */
export function momentOf(world: World, before: Moment | null): Moment {
  const { clock, tenant, data, sequence } = world;
  const now = clock.now();
  const tables = [data.identities, data.simple].map((table) => copyOf(table as Table));
  const kept = lists.map((name) => [...world[name]]);
  const cells = tables.flatMap((table) => [...table].flatMap(([name, rows]) => [name, ...[...rows].flat()]));
  const parts = [now, sequence, tenant.version, ...cells, ...kept.flatMap((list) => [list.length, ...list])];
  if (before?.parts.length === parts.length && parts.every((part, i) => part === before.parts[i])) return before;
  const { version } = data;
  const restoreTenant = tenant.bookmark();
  return {
    parts,
    restore() {
      clock.rewind(now);
      restoreTenant();
      for (const [i, table] of [data.identities, data.simple].entries())
        putBack(table as Table, tables[i] ?? new Map());
      for (const [i, name] of lists.entries()) world[name].splice(0, world[name].length, ...(kept[i] as never[]));
      Object.assign(world, { sequence });
      Object.assign(data, { version });
    },
  };
}

/** Values are never changed in place: another is put instead. */
type Table = Map<string, Map<string, unknown>>;

function copyOf(table: Table): Table {
  return new Map([...table].map(([name, rows]) => [name, new Map(rows)]));
}

function putBack(table: Table, kept: Table): void {
  table.clear();
  for (const [name, rows] of kept) table.set(name, new Map(rows));
}
