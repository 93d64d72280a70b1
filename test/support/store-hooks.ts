/** Puts something before and after every call of any stores: a crash, a count, a pause. */
import type { Stores } from "../../shared/ports/stores.ts";

export interface CallHooks {
  /** `identities.commit`; throwing means that nothing was done */
  beforeCall?(name: string): void | Promise<void>;
  /** throwing means that it was done and nobody heard of it */
  afterCall?(name: string): void | Promise<void>;
}

const streams = new Set(["baselines.keys", "identities.list", "scans.pages"]);

type Method = (...args: unknown[]) => unknown;

export function withHooks(stores: Stores, hooks: CallHooks): Stores {
  const wrapped = Object.entries(stores).map(([store, methods]) => [store, withHooksOn(store, methods, hooks)]);
  return Object.fromEntries(wrapped) as Stores;
}

export function withHooksOn(store: string, methods: object, hooks: CallHooks): object {
  const entries = Object.entries(methods).map(([name, method]) => {
    const full = `${store}.${name}`;
    return [name, streams.has(full) ? hookedPages(full, method, hooks) : hookedCall(full, method, hooks)];
  });
  return Object.fromEntries(entries);
}

function hookedCall(name: string, method: Method, hooks: CallHooks): Method {
  return async (...args) => {
    await hooks.beforeCall?.(name);
    const result = await method(...args);
    await hooks.afterCall?.(name);
    return result;
  };
}

function hookedPages(name: string, method: Method, hooks: CallHooks): Method {
  return async function* (...args) {
    await hooks.beforeCall?.(name);
    yield* method(...args) as AsyncIterable<unknown>;
    await hooks.afterCall?.(name);
  };
}
