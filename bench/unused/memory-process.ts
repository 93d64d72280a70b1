/** One scan in a process of its own, told how large it was at its peak, above what the idle app takes. Needs `--expose-gc`. */
import { setTimeout as sleep } from "node:timers/promises";
import { composeApp } from "../app.ts";
import type { Stage } from "../backdrop/contract.ts";
import { scanWhole } from "./scan-whole.ts";

/** `size`: as it comes, garbage and all; `held`: after a collection, again and again, so that only what is held counts. */
export type Measured = "size" | "held";

export interface Peak {
  readonly bytes: number;
  readonly identities: number;
}

const [, , measured, stage] = process.argv;
const isHeld = measured === "held";
const everyMs = isHeld ? 250 : 5;

const { services } = await composeApp({ stage: JSON.parse(stage ?? "") as Stage });
// connections, a token, and what the SDKs load when they are first used
await services.tenant.whoAmI();
await services.stores.scans.get(services.policy.tenantId);
await sleep(500);
collect();
await sleep(500);
const idle = bytesNow();
let peak = idle;
const looking = setInterval(() => {
  peak = Math.max(peak, bytesNow());
}, everyMs);
const { identities } = await scanWhole(services);
clearInterval(looking);
process.send?.({ bytes: peak - idle, identities } satisfies Peak, () => process.exit(0));

function bytesNow(): number {
  if (!isHeld) return process.memoryUsage.rss();
  collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function collect(): void {
  if (globalThis.gc === undefined) throw new Error("This process needs --expose-gc.");
  globalThis.gc();
}
