/** Everything the engine is given; `compose.ts` makes it, tests make their own. */
import type { Policy } from "../domain/policy.ts";
import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";
import type { Notifier, OutcomePublisher, PlanQueue } from "./outbox.ts";
import type { Signer } from "./signer.ts";
import type { Stores } from "./stores.ts";
import type { Telemetry } from "./telemetry.ts";
import type { Tenant } from "./tenant.ts";

export interface Services {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly tenant: Tenant;
  readonly stores: Stores;
  readonly queue: PlanQueue;
  readonly outcomes: OutcomePublisher;
  readonly notifiers: readonly Notifier[];
  readonly signer: Signer;
  readonly policy: Policy;
  readonly limits: Limits;
  /** names this process in locks; differs between instances */
  readonly instance: string;
}

/** Times the engine lives by, ms. */
export interface Limits {
  /** a Graph request is aborted after this */
  readonly requestTimeoutMs: number;
  /** how long a lock is held without renewal */
  readonly leaseMs: number;
  /** a write starts only while the lease outlasts the request timeout by this */
  readonly leaseMarginMs: number;
  /** the writer starts no new step after this much of one batch */
  readonly batchBudgetMs: number;
  /** delays of the verification reads after a write */
  readonly verifyAfterMs: readonly number[];
  /** two agreeing reads at least this far apart verify */
  readonly verifyApartMs: number;
  /** rechecks of what is not visible yet */
  readonly deferMs: readonly number[];
}
