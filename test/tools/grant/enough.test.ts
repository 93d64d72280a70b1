/** With exactly what `grant` gives for observing, everything that the engine reads is answered, over HTTP by the twin. */
import { expect, test } from "vitest";
import { systemClock } from "../../../shared/config/clock.ts";
import { nobodyIn } from "../../../shared/domain/identity.ts";
import { actionOf, detections, playbooks } from "../../../shared/engine/registry.ts";
import { readFacts } from "../../../shared/engine/snapshot/read-facts.ts";
import { readOn, readsOf } from "../../../shared/engine/snapshot/read-on.ts";
import { refreshDependencies } from "../../../shared/engine/snapshot/refresh-dependencies.ts";
import { createArmTenant } from "../../../shared/graph/arm-tenant.ts";
import { routeByVersion } from "../../../shared/graph/by-version.ts";
import { createGraphTenant } from "../../../shared/graph/graph-tenant.ts";
import type { Services } from "../../../shared/ports/services.ts";
import { findingsFor } from "../../../tools/catalog/example-findings.ts";
import { stepsOn } from "../../../tools/catalog/playbook-kinds.ts";
import { run as grant } from "../../../tools/grant/run.ts";
import { newWorld, startProcess } from "../../support/harness-world.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { startToolsTwin, type ToolsTwin } from "../tools-twin.ts";

function servicesOn({ twin, ownToken }: ToolsTwin): Services {
  const world = newWorld();
  const { services } = startProcess(world);
  const parts = { clock: systemClock, random: Math.random, logger: services.logger, requestTimeoutMs: 20_000 };
  const graph = createGraphTenant({ ...parts, baseUrl: twin.graphUrl, getToken: async () => ownToken() });
  const answer = twin.requestToken({
    appId: twin.runtimeIdentity.appId,
    managedIdentity: true,
    resource: "https://management.azure.com",
  });
  const azureToken = answer.ok ? answer.token : "";
  const arm = createArmTenant({ ...parts, baseUrl: twin.armUrl, getToken: async () => azureToken });
  const stores = createMemoryStores({ clock: systemClock, data: world.data });
  return { ...services, clock: systemClock, tenant: routeByVersion(graph, arm), stores };
}

test("what is read before any decision, for every step that may be planned, and at night", async () => {
  const tools = await startToolsTwin();
  const { twin, run, policy } = tools;
  const home = twin.addApplication({ passwords: 1, delegatedScope: "Mail.Read" });
  const { code } = await run(grant, ["--identity", twin.runtimeIdentity.id, "--policy", policy()]);
  expect(code).toBe(0);
  const services = servicesOn(tools);
  const facts = await readFacts(services, { ...nobodyIn(twin.tenantId), appId: home.appId });
  expect(facts).toMatchObject({ kind: "home-single-tenant", unread: [] });
  const steps = [...playbooks.values()].flatMap((playbook) =>
    stepsOn(playbook, findingsFor(playbook, detections), "home-single-tenant"),
  );
  const asks = steps.map((step) => {
    const action = actionOf(step.action);
    return readsOf(action, action.parameters.parse(step.parameters));
  });
  const { failures } = await readOn(services, facts, asks);
  expect(failures.map(({ request, answer }) => [request.path, answer.ok ? "" : answer.code])).toEqual([]);
  expect(await refreshDependencies(services)).toMatchObject({ missing: [] });
  const asked = twin.requests.log.filter(({ by }) => by === twin.runtimeIdentity.id);
  expect(asked.filter(({ status }) => status === 403)).toEqual([]);
  expect(asked.filter(({ method, path }) => method !== "GET" && !path.includes("$batch"))).toEqual([]);
});
