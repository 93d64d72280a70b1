/** Every operation of the API: one line for each file of them. */
import type { Operation } from "./handler.ts";

export const operations: readonly Operation[] = [];
