// host.json: the part this host honours, with the override by app settings that Azure's host knows.
import { join } from "node:path";
import { z } from "zod";
import type { AppSettings } from "./app-settings.ts";
import { check, readJson } from "./json-file.ts";

const OVERRIDE = /^AzureFunctionsJobHost(?:__|:)/i;

const timeSpan = z
  .string()
  .regex(/^(\d+\.)?\d{1,2}:\d{2}:\d{2}(\.\d+)?$/, "expected [days.]hh:mm:ss")
  .transform(timeSpanToMs);

const positive = z.coerce.number().int().positive();

const eventHubs = z.object({
  maxEventBatchSize: positive.default(100),
  prefetchCount: positive.default(300),
  batchCheckpointFrequency: positive.default(1),
  loadBalancingUpdateInterval: timeSpan.prefault("00:00:10"),
  partitionOwnershipExpirationInterval: timeSpan.prefault("00:01:00"),
  initialOffsetOptions: z
    .object({
      type: z
        .string()
        .toLowerCase()
        .pipe(z.enum(["fromstart", "fromend", "fromenqueuedtime"]))
        .prefault("fromStart"),
      enqueuedTimeUtc: z.coerce.date().optional(),
    })
    .refine((offset) => offset.type !== "fromenqueuedtime" || offset.enqueuedTimeUtc !== undefined, {
      message:
        "fromEnqueuedTime needs a time: set the app setting " +
        "AzureFunctionsJobHost__extensions__eventHubs__initialOffsetOptions__enqueuedTimeUtc",
    })
    .prefault({}),
});

const hostJson = z.object({
  version: z.literal("2.0"),
  functionTimeout: timeSpan.prefault("00:05:00"),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default("api") }).prefault({}),
      eventHubs: eventHubs.prefault({}),
    })
    .prefault({}),
});

/** Times are milliseconds (`functionTimeout`, intervals). */
export type HostJson = z.output<typeof hostJson>;
export type EventHubsOptions = HostJson["extensions"]["eventHubs"];

/** @throws Error with every problem, each with its path */
export function readHostJson(appRoot: string, settings: AppSettings): HostJson {
  const file = join(appRoot, "host.json");
  const raw = readJson(file);
  if (!isRecord(raw)) throw new Error(`${file} must hold a JSON object.`);
  return check(hostJson, withOverrides(raw, settings), `${file} (with its app setting overrides)`);
}

/** Applies `AzureFunctionsJobHost__path__to__value=…`; path segments match existing keys whatever their case. */
function withOverrides(raw: Record<string, unknown>, settings: AppSettings): Record<string, unknown> {
  const merged = structuredClone(raw);
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined && OVERRIDE.test(name)) setPath(merged, name.replace(OVERRIDE, "").split(/__|:/), value);
  }
  return merged;
}

function setPath(target: Record<string, unknown>, path: readonly string[], value: string): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  const key = Object.keys(target).find((known) => known.toLowerCase() === head.toLowerCase()) ?? head;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const child = isRecord(target[key]) ? target[key] : {};
  target[key] = child;
  setPath(child, rest, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function timeSpanToMs(text: string): number {
  const [seconds = 0, minutes = 0, hours = 0] = text
    .replace(/^\d+\./, "")
    .split(":")
    .map(Number)
    .reverse();
  const days = Number(/^(\d+)\./.exec(text)?.[1] ?? 0);
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}
