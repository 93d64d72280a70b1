/** What an operation wishes for at once, published when it is done: before its last commit the writer would find nothing to do. */
import { DueMessage } from "../../shared/domain/due.ts";
import { type WakeUp, wake } from "../../shared/engine/rows/due.ts";
import type { ApiServices } from "./handler.ts";

export interface Waking {
  /** notes what is put into `due` for now */
  readonly services: ApiServices;
  /** Best effort: the wish stands, and the sweep finds it. */
  wake(): Promise<void>;
}

export function wakeAfter(services: ApiServices): Waking {
  const { stores, clock } = services;
  const wishes = new Map<string, WakeUp>();
  const due: typeof stores.due = {
    ...stores.due,
    async put(row) {
      const version = await stores.due.put(row);
      const message = DueMessage.safeParse(row.message);
      if (message.success && row.wakeAt <= clock.now()) {
        wishes.set(row.id, { message: message.data, attempts: row.attempts, version });
      }
      return version;
    },
  };
  return {
    services: { ...services, stores: { ...stores, due } },
    wake: () => wake(services, [...wishes.values()]),
  };
}
