/** Which objects a workload identity was seen to create or change: kept for 30 days, and of the busiest ones only the newest. */
import { z } from "zod";

export const ChangedObject = z.object({
  /** object id, lower case */
  id: z.string(),
  /** `Application`, `ServicePrincipal`, `User`, … as the record writes it; null where it does not */
  type: z.string().nullable(),
  /** the last activity, its name folded */
  activity: z.string(),
  /** epoch ms of the last activity */
  at: z.number(),
});
export type ChangedObject = z.infer<typeof ChangedObject>;

export const ChangesOfActor = z.object({
  /** newest first */
  objects: z.array(ChangedObject),
  /** epoch ms: of what was last changed up to then, some is no longer listed, there being too much; null: all is */
  forgottenUntil: z.number().nullable(),
});
export type ChangesOfActor = z.infer<typeof ChangesOfActor>;

export const changesKeptMs = 30 * 24 * 3600_000;
export const mostChangedObjects = 200;
export const noChanges: ChangesOfActor = { objects: [], forgottenUntil: null };

/**
 * Each object with its last activity, whatever the order and however often a change comes. Null: nothing new, so that a
 * redelivered record writes nothing.
 */
export function mergeChanges(
  held: ChangesOfActor,
  added: readonly ChangedObject[],
  now: number,
): ChangesOfActor | null {
  const newest = new Map(held.objects.map((one) => [one.id, one]));
  let isNew = false;
  for (const one of added) {
    const known = newest.get(one.id);
    if (one.at <= now - changesKeptMs || one.at <= (held.forgottenUntil ?? 0) || (known && !isLater(one, known)))
      continue;
    newest.set(one.id, { ...one, type: one.type ?? known?.type ?? null });
    isNew = true;
  }
  if (!isNew) return null;
  const { objects, forgottenUntil } = stillKept(
    { objects: [...newest.values()], forgottenUntil: held.forgottenUntil },
    now,
  );
  const sorted = objects.toSorted((a, b) => (isLater(a, b) ? -1 : 1));
  const forgotten = sorted[mostChangedObjects];
  return {
    objects: sorted.slice(0, mostChangedObjects),
    forgottenUntil: forgotten === undefined ? forgottenUntil : Math.max(forgotten.at, forgottenUntil ?? 0),
  };
}

/** Without what is older than we keep. */
export function stillKept({ objects, forgottenUntil }: ChangesOfActor, now: number): ChangesOfActor {
  const from = now - changesKeptMs;
  const isOver = forgottenUntil !== null && forgottenUntil <= from;
  return { objects: objects.filter(({ at }) => at > from), forgottenUntil: isOver ? null : forgottenUntil };
}

/** A total order, so that two changes of one moment end the same in whatever order they come. */
function isLater(a: ChangedObject, b: ChangedObject): boolean {
  if (a.at !== b.at) return a.at > b.at;
  return a.activity === b.activity ? a.id > b.id : a.activity > b.activity;
}
