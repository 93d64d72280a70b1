/** Every operation of the API: one line for each file of them. */
import { evidenceOperations } from "./evidence.ts";
import type { Operation } from "./handler.ts";
import { describing } from "./openapi.ts";
import { showOperations } from "./show.ts";
import { startOperations } from "./starts.ts";
import { stopOperations } from "./stops.ts";

const all: readonly Operation[] = [...showOperations, ...evidenceOperations, ...startOperations, ...stopOperations];

export const operations: readonly Operation[] = [...all, describing(all)];
