/** Every operation of the API: one line for each file of them. */
import type { Operation } from "./handler.ts";
import { describing } from "./openapi.ts";

const all: readonly Operation[] = [];

export const operations: readonly Operation[] = [...all, describing(all)];
