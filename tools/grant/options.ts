/** What `grant` may be told. */
import type { parseArgs } from "node:util";

export const options = {
  identity: { type: "string" },
  policy: { type: "string" },
  restore: { type: "string" },
  "what-if": { type: "boolean", default: false },
  prune: { type: "boolean", default: false },
  "graph-url": { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

export type GrantValues = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
