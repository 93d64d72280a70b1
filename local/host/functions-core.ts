// The module that `require("@azure/functions-core")` yields inside this host: the door between library and host.
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from "./core-types.ts";
import { registry } from "./registry.ts";

const HOOK_NAMES: readonly string[] = ["preInvocation", "postInvocation", "appStart", "appTerminate", "log"];

/** Versions of the worker and host that this module stands in for; the library only reads them for display. */
export const version = "3.12.0";
export const hostVersion = "4.1040.0";

export class Disposable {
  readonly #dispose: () => void;
  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }
  dispose(): void {
    this.#dispose();
  }
}

/** @throws Error when the name is taken or the app has already started, as Azure's worker does. */
export function registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
  if (registry.locked) {
    throw new Error(`Function "${metadata.name}" was registered after the app had started: register it on import.`);
  }
  if (registry.functions.has(metadata.name)) {
    throw new Error(`A function named "${metadata.name}" is already registered: give each function its own name.`);
  }
  registry.functions.set(metadata.name, { metadata, callback });
  return new Disposable(() => registry.functions.delete(metadata.name));
}

export function setProgrammingModel(model: ProgrammingModel): void {
  registry.model = model;
}

export function getProgrammingModel(): ProgrammingModel | undefined {
  return registry.model;
}

/** @throws RangeError for a hook this host does not know. */
export function registerHook(name: string, callback: HookCallback): Disposable {
  if (!HOOK_NAMES.includes(name)) throw new RangeError(`Unknown hook "${name}"; known: ${HOOK_NAMES.join(", ")}.`);
  const hooks = registry.hooks.get(name as HookName) ?? [];
  hooks.push(callback);
  registry.hooks.set(name as HookName, hooks);
  return new Disposable(() => {
    hooks.splice(hooks.indexOf(callback), 1);
  });
}

export function log(level: LogLevel, category: LogCategory, message: string): void {
  registry.log(level, category, message);
}
