/** Nobody is asked any longer about what went by another hand; and what was never seen may only be a replica behind. */
import { describe, expect, it } from "vitest";
import { guid, iso } from "../../support/harness-cast.ts";
import { api } from "../../support/harness-footholds.ts";
import { file, leakedSecret, seen, world } from "../../support/playbook-scenes.ts";

const minute = 60_000;
const surgical = "remove-added-privilege";

/** The plan about one permission that was added, waiting for a person. */
async function waiting(isThere = true) {
  let appRoleId = "";
  const harness = await world((directory) => {
    appRoleId = directory.appRoleAssignments[0]?.appRoleId ?? "";
    if (!isThere)
      directory.appRoleAssignments = directory.appRoleAssignments.filter((one) => one.appRoleId !== appRoleId);
  });
  const details = { about: "app-role-granted", resourceId: api, appRoleId, value: null } as const;
  await file(harness, seen("app-role-granted", details));
  return { harness, appRoleId };
}

it("ends a removal that waits when a broader plan of the incident has taken it, without a write of its own", async () => {
  const { harness } = await waiting();
  expect((await harness.stage("eradicate", surgical)).status).toBe("waiting");
  await file(harness, leakedSecret);
  await harness.decide("contain");
  await harness.run(5 * minute);
  await harness.decide("eradicate");
  await harness.run(45 * minute);
  expect(await harness.stage("eradicate", "contain-compromised-identity")).toMatchObject({ status: "done" });
  expect(await harness.stage("eradicate", surgical)).toMatchObject({
    status: "cancelled",
    reasons: [expect.stringContaining("gone since")],
  });
  expect(harness.tenant.directory.appRoleAssignments).toEqual([]);
});

it("ends it as well when somebody took it in the portal", async () => {
  const { harness, appRoleId } = await waiting();
  harness.tenant.change((directory) => {
    directory.appRoleAssignments = directory.appRoleAssignments.filter((one) => one.appRoleId !== appRoleId);
  });
  await harness.run(5 * 60 * minute);
  expect((await harness.stage("eradicate", surgical)).status).toBe("cancelled");
  expect(harness.tenant.writes).toEqual([]);
});

it("keeps waiting when only something else went", async () => {
  const { harness, appRoleId } = await waiting();
  harness.tenant.change((directory) => {
    directory.appRoleAssignments = directory.appRoleAssignments.filter((one) => one.appRoleId === appRoleId);
  });
  await harness.run(5 * 60 * minute);
  expect((await harness.stage("eradicate", surgical)).status).toBe("waiting");
});

it("keeps waiting for what was never seen: it may be there and a replica behind", async () => {
  const { harness } = await waiting(false);
  await harness.run(5 * 60 * minute);
  expect((await harness.stage("eradicate", surgical)).status).toBe("waiting");
});

const roleGiven = (directoryScopeId: string | null, eligible: boolean) =>
  ({
    about: "directory-role-assigned",
    roleDefinitionId: guid(915),
    claimedRole: null,
    directoryScopeId,
    eligible,
  }) as const;

it("ends a removal of a role that another plan of the incident has taken", async () => {
  const harness = await world();
  await file(harness, seen("directory-role-assigned", roleGiven("/", false)));
  expect((await harness.stage("eradicate", surgical)).status).toBe("waiting");
  await file(harness, leakedSecret);
  await harness.decide("contain");
  await harness.run(5 * minute);
  await harness.decide("eradicate");
  await harness.run(45 * minute);
  expect(harness.tenant.directory.directoryRoles).toEqual([]);
  expect((await harness.stage("eradicate", surgical)).status).toBe("cancelled");
});

describe("a record that comes after a broader plan took what it names", () => {
  async function eradicated() {
    const harness = await world();
    await file(harness, leakedSecret);
    await harness.decide("contain");
    await harness.run(5 * minute);
    await harness.decide("eradicate");
    await harness.run(45 * minute);
    expect(harness.tenant.directory.directoryRoles).toEqual([]);
    return harness;
  }

  it("asks nobody for long: we took it ourselves", async () => {
    const harness = await eradicated();
    const { length } = harness.tenant.writes;
    await file(harness, seen("directory-role-assigned", roleGiven("/", false)));
    expect((await harness.stage("eradicate", surgical)).status).toBe("cancelled");
    expect(harness.tenant.writes).toHaveLength(length);
  });

  it("waits when the evidence is newer than what was done: it may be there again, and a replica behind", async () => {
    const harness = await eradicated();
    const given = seen("directory-role-assigned", roleGiven("/", false));
    const activityAt = iso(harness.clock.now());
    await file(harness, { ...given, warrant: { ...given.warrant, activityAt, raisedAt: activityAt } });
    expect((await harness.stage("eradicate", surgical)).status).toBe("waiting");
  });

  it("waits when only something else of the kind was taken", async () => {
    const harness = await world();
    await file(harness, seen("directory-role-assigned", roleGiven("/", true)));
    await harness.decide("eradicate");
    await harness.run(45 * minute);
    const other = { ...roleGiven("/", true), roleDefinitionId: guid(999) };
    await file(harness, { ...seen("directory-role-assigned", other), id: "another" });
    expect((await harness.stage("eradicate", surgical)).status).toBe("waiting");
  });
});
