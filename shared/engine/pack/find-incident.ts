/** Where an incident lies, whose row may have been edited since. */
import { TerminalError } from "../../domain/errors.ts";
import { Incident } from "../../domain/incident.ts";
import type { Services } from "../../ports/services.ts";
import { loadPartition, type Partition, read } from "../rows/partition.ts";
import { rowKey } from "../rows/rows.ts";
import { type PackProblem, soundRows } from "./sound-rows.ts";

export interface FoundIncident {
  /** rows that can be read */
  readonly partition: Partition;
  /** null: its row cannot be read */
  readonly incident: Incident | null;
  readonly problems: readonly PackProblem[];
}

/** Throws TerminalError `no-such-incident`. */
export async function findIncident({ stores }: Pick<Services, "stores">, id: string): Promise<FoundIncident> {
  const where = rowKey.incident(id);
  const keys: string[] = [];
  for await (const { identity, row } of stores.identities.list(where)) if (row.key === where) keys.push(identity);
  const places = await Promise.all(keys.map(async (key) => loadPartition(stores.identities, key)));
  // a planted copy has no findings of its own that made this id
  const found = places.map(soundRows).toSorted((a, b) => findingsIn(b.partition, id) - findingsIn(a.partition, id));
  const [best, ...others] = found;
  if (best === undefined) {
    throw new TerminalError(`there is no incident ${id}; GET /api/incidents lists those there are`, {
      code: "no-such-incident",
    });
  }
  const copies = others.map(({ partition }) => ({
    where,
    what: `there is a row of the same incident under ${partition.key}: somebody copied it there`,
  }));
  return {
    partition: best.partition,
    incident: read(best.partition, where, Incident),
    problems: [...best.problems, ...copies],
  };
}

function findingsIn({ rows }: Partition, incidentId: string): number {
  return [...rows.values()].filter(
    ({ key, value }) =>
      key.startsWith(rowKey.finding("")) && (value as { readonly incidentId: unknown }).incidentId === incidentId,
  ).length;
}
