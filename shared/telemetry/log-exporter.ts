/**
 * What happens to telemetry where nobody brought an SDK: lines of the log, which the Functions host sends to Application Insights
 * like any other line of the worker. A real SDK costs a quarter of a megabyte to load, at every cold start.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, type ContextManager, context, metrics, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { Logger } from "../ports/logger.ts";
import { createLogMeterProvider } from "./log-metrics.ts";
import { createLogTracerProvider } from "./log-spans.ts";

const everyMs = 60_000;

/** Registers it for this process, each part unless somebody registered theirs before. Answers how to write what is left. */
export function startLogExporter(logger: Logger, now: () => number): { readonly flush: () => void } {
  const write: Logger["info"] = (message, fields) => logger.info(message, fields);
  trace.setGlobalTracerProvider(createLogTracerProvider(write, now));
  context.setGlobalContextManager(createContextManager());
  const meters = createLogMeterProvider(write);
  if (metrics.setGlobalMeterProvider(meters)) setInterval(() => meters.flush(), everyMs).unref();
  return { flush: () => meters.flush() };
}

/** Which span one is in, over awaits. */
function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...args) => storage.run(active, () => work.apply(self as never, args)),
    bind<T>(active: Context, target: T): T {
      if (typeof target !== "function") return target;
      return ((...args: unknown[]) => storage.run(active, () => target(...args))) as T;
    },
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}
