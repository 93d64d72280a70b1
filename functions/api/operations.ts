/** Every operation of the API: one line for each file of them. */
import { evidenceOperations } from "./evidence.ts";
import type { Operation } from "./handler.ts";
import { describing } from "./openapi.ts";

const all: readonly Operation[] = [...evidenceOperations];

export const operations: readonly Operation[] = [...all, describing(all)];
