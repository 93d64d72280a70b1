// Makes `require("@azure/functions-core")`, which exists only inside Azure's worker, resolve to this host's own module.
import { registerHooks } from "node:module";

const CORE_MODULE = new URL("./functions-core.ts", import.meta.url).href;

/**
 * Installs a resolve hook for the rest of the process. It answers `import`, `require` and `createRequire` alike, so a
 * bundle that left the name external and the library from node_modules both meet the same module instance.
 */
export function provideFunctionsCore(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier !== "@azure/functions-core") return nextResolve(specifier, context);
      return { url: CORE_MODULE, format: "module-typescript", shortCircuit: true };
    },
  });
}
