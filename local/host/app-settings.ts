// App settings: the environment, filled up from local.settings.json as `func start` does.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { check, readJson } from "./json-file.ts";

export type AppSettings = Readonly<Record<string, string | undefined>>;

const localSettings = z.object({ Values: z.record(z.string(), z.string()).default({}) });

/**
 * Reads the `Values` of local.settings.json, if there is one; what the environment sets wins.
 * @throws Error naming the file when it is not what `func start` would take
 */
export function readAppSettings(appRoot: string, environment: AppSettings): AppSettings {
  const file = join(appRoot, "local.settings.json");
  if (!existsSync(file)) return environment;
  return { ...check(localSettings, readJson(file), file).Values, ...environment };
}

/** @throws Error naming the missing setting and who asked for it */
export function requireSetting(settings: AppSettings, name: string, askedBy: string): string {
  const value = settings[name];
  if (value === undefined || value === "") {
    throw new Error(`App setting "${name}" is missing; ${askedBy} needs it. Set it in the environment.`);
  }
  return value;
}

/** Replaces each `%NAME%` by its app setting, which Azure allows in the string options of a binding. */
export function resolvePlaceholders(text: string, settings: AppSettings, askedBy: string): string {
  return text.replaceAll(/%([^%]+)%/g, (_whole, name: string) => requireSetting(settings, name, askedBy));
}
