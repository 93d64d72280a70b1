// What the app has registered through the real @azure/functions: functions, hooks, the programming model.
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from "./core-types.ts";

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/**
 * The one registry of this process. It has to be module state: the library reaches it by `require`, not by a parameter.
 */
export const registry = {
  functions: new Map<string, RegisteredFunction>(),
  hooks: new Map<HookName, HookCallback[]>(),
  model: undefined as ProgrammingModel | undefined,
  /** Set once the app is loaded; a later registration would never be served. */
  locked: false,
  log: (_level: LogLevel, _category: LogCategory, _message: string): void => {},
};

/** Calls the hooks of one kind in the order of registration; a hook that throws fails what it hooks into. */
export async function runHooks(name: HookName, context: object): Promise<void> {
  for (const hook of registry.hooks.get(name) ?? []) await hook(context);
}
