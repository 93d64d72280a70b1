/**
 * Tests use real parts (SDKs, Azurite, AMQP), so they get time and few processes. Those that play a whole system start first, each file
 * in a process of its own; all others share processes, and with them what was imported: no test mocks a module.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Tests start dozens of processes that load the same files: what is compiled once is kept, between runs as well. */
const env = { NODE_COMPILE_CACHE: join(tmpdir(), "tourniquet-tests-cache") };

const systems = [
  "test/end-to-end/**/*.test.ts",
  "test/local/{event-hubs,host}/**/*.test.ts",
  "test/bench/**/*.test.ts",
  // the identity library decides once a process where managed identities get their tokens
  "test/local/tenant/access.test.ts",
];
const pool = { pool: "forks", maxWorkers: 3, testTimeout: 30_000, hookTimeout: 60_000, env } as const;

export default defineConfig({
  test: {
    maxWorkers: 3,
    reporters: ["default"],
    // in the order of their names
    projects: [
      { test: { ...pool, name: "1 systems", include: systems } },
      { test: { ...pool, name: "2 parts", include: ["test/**/*.test.ts"], exclude: systems, isolate: false } },
    ],
  },
});
