// Finds the trigger among a function's bindings.
import type { FunctionMetadata } from "./core-types.ts";

export type TriggerType = "httptrigger" | "timertrigger" | "eventhubtrigger";

export interface TriggerBinding {
  readonly name: string;
  readonly type: TriggerType;
  readonly options: Readonly<Record<string, unknown>>;
}

const SERVED: readonly string[] = ["httptrigger", "timertrigger", "eventhubtrigger"] satisfies TriggerType[];

/** @throws Error for a trigger this host does not serve, and for output bindings, which it would silently drop */
export function triggerBindingOf(metadata: FunctionMetadata): TriggerBinding {
  const outputs = Object.values(metadata.bindings).filter((binding) => binding.direction === "out");
  const other = outputs.find((binding) => binding.type?.toLowerCase() !== "http");
  if (other !== undefined) {
    throw new Error(`Function "${metadata.name}": output binding "${other.type}" is not served by the local host.`);
  }
  for (const [name, options] of Object.entries(metadata.bindings)) {
    const type = options.type?.toLowerCase() ?? "";
    if (isServed(type)) return { name, type, options };
  }
  const types = Object.values(metadata.bindings).map((binding) => binding.type);
  throw new Error(
    `Function "${metadata.name}" (${types.join(", ")}): the local host serves HTTP, timer and Event Hubs triggers only.`,
  );
}

function isServed(type: string): type is TriggerType {
  return SERVED.includes(type);
}
