/** What the contract suites of the stores share. */
import type { Stores } from "../../shared/ports/stores.ts";
import type { FakeClock } from "../support/fake-clock.ts";

export interface Opened {
  /** stores of one process on the storage of this test run */
  readonly open: () => Stores;
  readonly clock: FakeClock;
  /** epoch ms, by the clock that storage itself goes by */
  readonly storageNow: () => number;
}

let names = 0;
/** Tests share one storage, so each has a tenant of its own. */
export function newTenant(): string {
  names += 1;
  return `00000000-0000-4000-8000-${String(names).padStart(12, "0")}`;
}
