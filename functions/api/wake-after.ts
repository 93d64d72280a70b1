/** What an operation wishes for at once, published when it is done: before its last commit the writer would find nothing to do. */
import { describeError } from "../../shared/domain/errors.ts";
import type { StoredDueRow } from "../../shared/ports/stores.ts";
import type { ApiServices } from "./handler.ts";

export interface Waking {
  /** notes what is put into `due` for now */
  readonly services: ApiServices;
  /** Best effort: the wish stands, and the sweep finds it. */
  wake(): Promise<void>;
}

export function wakeAfter(services: ApiServices): Waking {
  const { stores, clock, queue, logger } = services;
  const wishes = new Map<string, StoredDueRow>();
  const due: typeof stores.due = {
    ...stores.due,
    async put(row) {
      const version = await stores.due.put(row);
      if (row.wakeAt <= clock.now()) wishes.set(row.id, { ...row, version });
      return version;
    },
  };
  return {
    services: { ...services, stores: { ...stores, due } },
    async wake() {
      const bodies = [...wishes.values()].flatMap(bodyOf);
      if (bodies.length === 0) return;
      try {
        await queue.publish(bodies);
      } catch (error) {
        logger.warn("The writer could not be woken; the sweep will do it", {
          messages: bodies.length,
          error: describeError(error),
        });
      }
    },
  };
}

/** As the sweep publishes it (`engine/run/sweep.ts`). */
function bodyOf({ message, attempts, version }: StoredDueRow): object[] {
  return typeof message === "object" && message !== null ? [{ ...message, attempts, version }] : [];
}
