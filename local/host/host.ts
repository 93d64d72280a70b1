// Puts the host together: settings, the app, its triggers, and an orderly end.
import { existsSync, globSync } from "node:fs";
import type { Server } from "node:http";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { TableClient } from "@azure/data-tables";
import type { CheckpointStore } from "@azure/event-hubs";
import { z } from "zod";
import { type AppSettings, readAppSettings, requireSetting } from "./app-settings.ts";
import { type EventHubListener, startEventHubListener } from "./event-hub-trigger.ts";
import { type HostJson, readHostJson } from "./host-json.ts";
import { type HttpFunction, httpFunction, startHttpServer } from "./http-trigger.ts";
import { check, readJson } from "./json-file.ts";
import type { HostLog } from "./log.ts";
import { createPlatformAuth } from "./platform-auth.ts";
import { provideFunctionsCore } from "./provide-functions-core.ts";
import { type RegisteredFunction, registry, runHooks } from "./registry.ts";
import { createTableCheckpointStore } from "./table-checkpoint-store.ts";
import { startTimer, type Timer } from "./timer-trigger.ts";
import { type TriggerBinding, triggerBindingOf } from "./trigger-binding.ts";

export interface HostOptions {
  readonly appRoot: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly environment: AppSettings;
  readonly log: HostLog;
}

export interface FunctionsHost {
  readonly port: number;
  readonly functions: readonly string[];
  /** Pulls no more, awaits what runs for up to `limitMs`, then closes. True when nothing was left unfinished. */
  stop(limitMs: number): Promise<boolean>;
}

const packageJson = z.object({ main: z.string() });

/**
 * Loads the app's `main` and serves its triggers.
 * @throws Error that says what is wrong with the app or its settings
 */
export async function startFunctionsHost(options: HostOptions): Promise<FunctionsHost> {
  const appRoot = resolve(options.appRoot);
  const settings = readAppSettings(appRoot, options.environment);
  Object.assign(process.env, settings); // The app reads its settings from the environment, as in Azure.
  const hostJson = readHostJson(appRoot, settings);
  registry.log = (level, category, message) => options.log(level, "host", message, { category });
  const capabilities = await loadApp(appRoot);
  return startTriggers(options, hostJson, settings, capabilities.HttpUri);
}

async function loadApp(appRoot: string): Promise<Record<string, string>> {
  const file = join(appRoot, "package.json");
  const { main } = check(packageJson, readJson(file), file);
  const files = globSync(main, { cwd: appRoot }).map((found) => join(appRoot, found));
  if (files.length === 0 || !files.every((found) => existsSync(found))) {
    throw new Error(`${file}: "main" is ${main}, but there is no such file. Build the app first.`);
  }
  provideFunctionsCore();
  for (const found of files) await import(pathToFileURL(found).href);
  registry.locked = true;
  await runHooks("appStart", { hookData: {} });
  return (await registry.model?.getCapabilities?.({})) ?? {};
}

async function startTriggers(
  options: HostOptions,
  hostJson: HostJson,
  settings: AppSettings,
  streamProxyUrl: string | undefined,
): Promise<FunctionsHost> {
  const { log } = options;
  const stopping = new AbortController();
  const run = { log, functionTimeoutMs: hostJson.functionTimeout };
  const { http, eventHubs: eventHubsOptions } = hostJson.extensions;
  const routes: HttpFunction[] = [];
  const timers = new Map<string, Timer>();
  const listeners: EventHubListener[] = [];
  const checkpoints = lazyCheckpointStore(settings);

  const bound = [...registry.functions.values()].map((fn) => ({ fn, binding: triggerBindingOf(fn.metadata) }));
  const begin: Record<TriggerBinding["type"], (fn: RegisteredFunction, binding: TriggerBinding) => void> = {
    httptrigger: (fn, binding) => routes.push(httpFunction(fn, binding, http.routePrefix)),
    timertrigger: (fn, binding) =>
      timers.set(fn.metadata.name, startTimer(fn, binding, settings, run, stopping.signal)),
    eventhubtrigger: (fn, binding) => {
      const listen = {
        ...run,
        settings,
        eventHubs: eventHubsOptions,
        checkpoints: checkpoints(),
        stop: stopping.signal,
      };
      listeners.push(startEventHubListener(fn, binding, listen));
    },
  };
  for (const { fn, binding } of bound) begin[binding.type](fn, binding);

  const runByName = (name: string): boolean => timers.get(name)?.fire() !== undefined;
  const platformAuth = createPlatformAuth(settings);
  const { server, port } = await startHttpServer(routes, options.port, {
    ...run,
    streamProxyUrl,
    runByName,
    platformAuth,
  });

  async function stop(limitMs: number): Promise<boolean> {
    stopping.abort();
    const closed = closeServer(server);
    const quiet = Promise.all([
      ...listeners.map((one) => one.idle()),
      ...[...timers.values()].map((one) => one.ended),
      closed,
    ]);
    const finished = await within(quiet, limitMs);
    await within(Promise.all(listeners.map((listener) => listener.close())), limitMs);
    await runHooks("appTerminate", { hookData: {} });
    return finished;
  }

  return { port, functions: bound.map(({ fn }) => fn.metadata.name), stop };
}

/** The storage setting is asked for only when there is an Event Hubs trigger. */
function lazyCheckpointStore(settings: AppSettings): () => CheckpointStore {
  let store: CheckpointStore | undefined;
  return () => {
    const connection = requireSetting(settings, "AzureWebJobsStorage", "the Event Hubs trigger (checkpoints)");
    const table = TableClient.fromConnectionString(connection, "AzureWebJobsEventHub", {
      allowInsecureConnection: true,
    });
    store ??= createTableCheckpointStore(table);
    return store;
  };
}

/** Kept-alive connections become idle only after their last response, so they are closed as they do. */
async function closeServer(server: Server): Promise<void> {
  const sweeping = setInterval(() => server.closeIdleConnections(), 20);
  await new Promise((done) => server.close(done));
  clearInterval(sweeping);
}

async function within(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(done, limitMs, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
