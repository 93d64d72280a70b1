/** What a scan finds of those who are being retired already. */
import { expect, it } from "vitest";
import { day, listed } from "../../support/listed-tenant.ts";
import { scanNow, scanWorld } from "./scan-world.ts";

it("names who is tagged, called, privileged or used by now, and nobody who is as before", async () => {
  const scan = await scanWorld();
  const first = await scanNow(scan);
  expect(first.otherwise).toEqual([]);
  await scan.world.clock.advance(day);
  expect((await scanNow(scan)).otherwise).toEqual([]);
  const { lists } = scan.tenant;
  // 400 days since it was used last have not passed
  lists.roleAssignments.push({
    principalId: listed(2).principalId,
    roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10",
  });
  lists.oauth2PermissionGrants.push({ clientId: listed(6).principalId, resourceId: listed(3).principalId });
  await scan.world.clock.advance(day);
  const { otherwise } = await scanNow(scan);
  expect(otherwise.map(({ appId }) => appId).sort()).toEqual([listed(2).appId, listed(3).appId].sort());
  expect(otherwise.find(({ appId }) => appId === listed(3).appId)?.why).toContain("Others call it");
});
