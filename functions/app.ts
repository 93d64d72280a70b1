/** The composed app, made once and shared by all triggers. */
import { compose } from "../shared/compose.ts";
import type { Config } from "../shared/config/config.ts";
import { createIngest } from "../shared/engine/ingest/ingest.ts";
import { createSilenceWatch } from "../shared/engine/ingest/watch-silence.ts";
import { createWriter, type Writer } from "../shared/engine/run/writer.ts";
import type { Services } from "../shared/ports/services.ts";

export interface App {
  readonly services: Services;
  readonly writer: Writer;
  readonly ingest: ReturnType<typeof createIngest>;
  /** tells of logs that went silent */
  readonly watchSilence: ReturnType<typeof createSilenceWatch>;
}

/** Composes on the first call; a failure is not remembered, so that the next call tries again. */
export function composeOnce(readConfig: () => Config, log: Console): () => Promise<App> {
  let made: Promise<App> | null = null;
  return () => {
    made ??= make(readConfig, log).catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

async function make(readConfig: () => Config, log: Console): Promise<App> {
  const services = await compose(readConfig(), log);
  return {
    services,
    writer: createWriter(services),
    ingest: createIngest(services),
    watchSilence: createSilenceWatch(services),
  };
}
