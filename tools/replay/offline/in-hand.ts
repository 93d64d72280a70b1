/** A replay under way, as its parts see it. */
import type { createIngest } from "../../../shared/engine/ingest/ingest.ts";
import type { Writer } from "../../../shared/engine/run/writer.ts";
import type { DependencySummary } from "../../../shared/ports/stores.ts";
import type { Tally } from "../report/tally.ts";
import type { KnownIds } from "./known-ids.ts";
import type { ReplayServices, Woken } from "./services.ts";

export interface Offline {
  readonly services: ReplayServices;
  readonly writer: Writer;
  readonly ingest: ReturnType<typeof createIngest>;
  readonly tally: Tally;
  /** what the blast radius percentage is of */
  readonly summary: DependencySummary;
  readonly ids: KnownIds;
  /** woken and not seen to yet */
  readonly woken: Woken[];
  /** epoch ms at which expired rows were last thrown away */
  purgedAt: number;
}
