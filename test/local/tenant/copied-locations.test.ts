/** What the twin lists is what the app copies, through the real client: path, permission and shapes are the description's. */
import { afterEach, expect, test } from "vitest";
import { createTenantTwin, type Twin } from "../../../local/tenant/twin.ts";
import { systemClock } from "../../../shared/config/clock.ts";
import { copyNamedLocations } from "../../../shared/engine/ingest/copy-named-locations.ts";
import { createGraphTenant } from "../../../shared/graph/graph-tenant.ts";
import { newWorld, policyWith, startProcess } from "../../support/harness-world.ts";
import { tokenOf } from "./ask.ts";

let twin: Twin;
afterEach(() => twin.stop());

test("trusted ranges come over, whatever else is listed", async () => {
  twin = await createTenantTwin({ quotas: "off" });
  twin.addNamedLocation({ ranges: ["192.0.2.0/24", "2001:db8:7::/48"] });
  twin.addNamedLocation({ ranges: ["198.51.100.0/24"], isTrusted: false });
  twin.addNamedLocation({ countries: ["NL"] });
  const token = await tokenOf(twin);
  const policy = policyWith({ trustedLocations: { identities: {}, namedLocations: true } });
  const { services } = startProcess(newWorld(policy));
  const clock = systemClock;
  const tenant = createGraphTenant({
    baseUrl: twin.graphUrl,
    getToken: async () => token,
    clock,
    random: () => 0.5,
    logger: services.logger,
    requestTimeoutMs: 5_000,
  });
  expect(await copyNamedLocations({ ...services, clock, tenant })).toBe(true);
  const kept = await services.stores.namedLocations.get(policy.tenantId);
  expect(kept?.ranges).toEqual(["192.0.2.0/24", "2001:db8:7::/48"]);
  expect(twin.violations).toEqual([]);
});
