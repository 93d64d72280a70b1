/** The app's own health answer over HTTP, on tables in memory, with a token as the twin gave it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { App } from "../../../functions/app.ts";
import { getHealth } from "../../../functions/get-health.ts";
import { systemClock } from "../../../shared/config/clock.ts";
import { loadPolicy } from "../../../shared/config/policy-file.ts";
import { readClaims } from "../../../shared/graph/who-am-i.ts";
import { apiServices } from "../../support/api.ts";
import { newWorld, startProcess } from "../../support/harness-world.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";

export interface AppDouble {
  readonly url: string;
  readonly services: App["services"];
}

export interface AppState {
  /** of the policy in force */
  readonly policy: string;
  /** as the platform gave it */
  readonly token: string;
  readonly platformAuthentication?: boolean;
  readonly initialOffset?: string | null;
  /** a function key that it takes; without it, it takes everybody's word */
  readonly key?: string;
  /** milliseconds by which its clock is ahead */
  readonly aheadMs?: number;
}

export async function startAppDouble(state: AppState): Promise<AppDouble> {
  const app = appOf(state);
  const answer = getHealth(async () => app);
  const server = createServer((request, response) => {
    const isHealth = request.url === "/api/health";
    const isDenied = state.key !== undefined && request.headers["x-functions-key"] !== state.key;
    if (!isHealth || isDenied) {
      response.writeHead(401).end();
      return;
    }
    void answer().then(({ status = 200, jsonBody }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(jsonBody));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, services: app.services };
}

function appOf(state: AppState): Pick<App, "services" | "api" | "initialOffset"> {
  const { platformAuthentication = true, initialOffset = "2026-01-31T00:00:00Z", aheadMs = 0 } = state;
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  const world = newWorld(loadPolicy(state.policy));
  const process = startProcess(world).services;
  const self = readClaims(state.token);
  const tenant = { ...process.tenant, whoAmI: async () => self };
  const services = { ...process, clock, tenant, stores: createMemoryStores({ clock, data: world.data }) };
  return { services, api: { services: apiServices(services), platformAuthentication }, initialOffset };
}
