/** A replay that is over, as its report is made of it. */
import type { Policy } from "../../../shared/domain/policy.ts";
import type { Offline } from "../offline/in-hand.ts";
import type { ReplayOptions } from "../replay-options.ts";
import type { FeedCounts } from "./feed-counts.ts";
import type { Report } from "./report.ts";
import type { Tally } from "./tally.ts";

export interface Replayed {
  readonly options: ReplayOptions;
  /** as it was read: with the tenant and the mode of this replay */
  readonly policy: Policy;
  readonly tenant: Report["tenant"];
  /** as they were named */
  readonly files: readonly string[];
  readonly counts: FeedCounts;
  readonly tally: Tally;
  readonly offline: Offline;
}
