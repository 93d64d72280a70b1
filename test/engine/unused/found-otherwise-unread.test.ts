/** What the newest scan says against a retirement: a row that cannot be read is no word in its favour. */
import { expect, it } from "vitest";
import { foundOtherwise } from "../../../shared/engine/unused/scan/found-otherwise.ts";
import { Harness } from "../../support/harness.ts";
import { victim } from "../../support/harness-cast.ts";

it("says nothing where there was no scan, and that it is unread where somebody edited its row", async () => {
  const { process, world } = await Harness.start();
  const { services } = process;
  expect(await foundOtherwise(services, victim.appId)).toBeNull();
  await services.stores.scans.put(services.policy.tenantId, { otherwise: "nobody" }, null);
  expect(await foundOtherwise(services, victim.appId)).toBe("unread");
  expect(world.log.join("\n")).toContain("The row of the scan cannot be read");
});
