/** The composed app, made once and shared by all triggers. */
import { compose, composeEvents } from "../shared/compose.ts";
import type { Config } from "../shared/config/config.ts";
import { createIngest } from "../shared/engine/ingest/ingest.ts";
import { createSilenceWatch } from "../shared/engine/ingest/watch-silence.ts";
import { createSafetyWatch } from "../shared/engine/judge/watch-safety.ts";
import { createWriter, type Writer } from "../shared/engine/run/writer.ts";
import { createHealthWatch } from "../shared/engine/watch-health.ts";
import type { Services } from "../shared/ports/services.ts";
import type { Api } from "./api/api.ts";

export interface App {
  readonly services: Services;
  readonly writer: Writer;
  readonly ingest: ReturnType<typeof createIngest>;
  /** tells of logs that went silent */
  readonly watchSilence: ReturnType<typeof createSilenceWatch>;
  /** tells of settings and protections that were edited behind our back */
  readonly watchSafety: ReturnType<typeof createSafetyWatch>;
  /** logs that we are not well */
  readonly watchHealth: ReturnType<typeof createHealthWatch>;
  readonly api: Api;
  /** see `Config` */
  readonly initialOffset: string | null;
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
  const config = readConfig();
  const services = await compose(config, log);
  const ingest = createIngest(services);
  const { tenant: _tenant, notifiers: _notifiers, limits: _limits, instance: _instance, ...forApi } = services;
  return {
    services,
    writer: createWriter(services),
    ingest,
    watchSilence: createSilenceWatch(services),
    watchSafety: createSafetyWatch(services),
    watchHealth: createHealthWatch(services),
    api: {
      services: { ...forApi, events: composeEvents(config), ingest },
      platformAuthentication: config.platformAuthentication,
    },
    initialOffset: config.initialOffset,
  };
}
