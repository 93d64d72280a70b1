/** What the audit log tells about our own containments, about new objects, and about what an identity left behind. */
import { describe, expect, it } from "vitest";
import { descendantsOf } from "../../../shared/engine/people/report/descendants.ts";
import { audit, type Raw, target } from "../../records/build.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { appId, applicationId, iso, self, servicePrincipalId, startAt, tenantId } from "../../support/harness-cast.ts";
import { day } from "../../support/harness-world.ts";

const minute = 60_000;
const user = "9d8001cb-a159-4252-a3a1-c2dc689f322a";
const said = (displayName: string, value: unknown): Raw => ({
  displayName,
  oldValue: null,
  newValue: JSON.stringify(value),
});
const byWorkload = (id: string) => ({ app: { appId: null, displayName: "Some app", servicePrincipalId: id } });
const byUser = { user: { id: user, userPrincipalName: "a@example.com" } };

/** Genuine records of a service principal carry its names, the appId among them. */
const names = said("TargetId.ServicePrincipalNames", `${appId};https://contoso.example`);

function switched(id: string, at: number, by: Raw, enabled = true): Raw {
  const change = { displayName: "AccountEnabled", oldValue: `[${!enabled}]`, newValue: `[${enabled}]` };
  const targetResources = [target("ServicePrincipal", servicePrincipalId, change, names)];
  return audit({ id, activityDateTime: iso(at), initiatedBy: by, targetResources }, "Update service principal");
}

const found = (harness: Harness, detection: string) =>
  harness.events("finding.created").filter(({ data }) => data.detection === detection);

describe("a contained identity that is enabled again", () => {
  it("is found once, whoever did it, and however often the record comes", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(minute);
    const record = switched("audit-on", harness.clock.now(), byUser);
    await harness.deliver(record, switched("audit-off", harness.clock.now(), byUser, false));
    await harness.deliver(record);
    await harness.run();
    expect(found(harness, "containment-undone")).toHaveLength(1);
    await harness.deliver(switched("audit-on-again", harness.clock.now(), byWorkload(user)));
    await harness.run();
    expect(found(harness, "containment-undone")).toHaveLength(2);
  });

  it("is nothing of ours before we contained it, or when we never did", async () => {
    const harness = await Harness.start();
    await harness.deliver(switched("never", startAt, byUser));
    await leaked(harness);
    await harness.run(minute);
    await harness.deliver(switched("before", startAt - minute, byUser));
    await harness.run();
    expect(found(harness, "containment-undone")).toEqual([]);
  });

  it("is our own doing after an undo", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(minute);
    await harness.undo();
    await harness.run();
    await harness.deliver(switched("ours", harness.clock.now(), byWorkload(self.servicePrincipalId)));
    await harness.run();
    expect(found(harness, "containment-undone")).toEqual([]);
  });
});

describe("what an undo of ours gives back", () => {
  const owner = (id: string, at: number, by: Raw) => {
    const targetResources = [
      target(
        "User",
        user,
        said("ServicePrincipal.ObjectID", servicePrincipalId),
        said("ServicePrincipal.AppId", appId),
      ),
    ];
    return audit({ id, activityDateTime: iso(at), initiatedBy: by, targetResources }, "Add owner to service principal");
  };

  it("is no finding when it is ours; by anybody else, or later, it is", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(minute);
    await harness.undo();
    await harness.run();
    const now = harness.clock.now();
    await harness.deliver(owner("ours", now, byWorkload(self.servicePrincipalId)));
    await harness.run();
    expect(found(harness, "owner-added")).toEqual([]);
    await harness.deliver(owner("theirs", now, byUser), owner("late", now + day, byWorkload(self.servicePrincipalId)));
    await harness.run();
    expect(found(harness, "owner-added")).toHaveLength(2);
  });
});

it("whoever creates an application owns it: that is no finding, in one batch or in two", async () => {
  const harness = await Harness.start();
  const at = iso(startAt);
  const created = audit(
    { id: "c", activityDateTime: at, initiatedBy: byUser, targetResources: [target("Application", applicationId)] },
    "Add application",
  );
  const targetResources = [target("User", user, said("Application.ObjectID", applicationId))];
  const owned = (id: string, by: Raw) =>
    audit({ id, activityDateTime: at, initiatedBy: by, targetResources }, "Add owner to application");
  await harness.deliver(owned("o1", byUser), created);
  await harness.deliver(owned("o2", byUser));
  expect((await harness.deliver(owned("o3", byWorkload(self.appId)))).findings).toBe(1);
});

describe("descendants", () => {
  const actor = servicePrincipalId;
  const did = (id: string, at: number, operation: string, ...targetResources: Raw[]) =>
    audit({ id, activityDateTime: iso(at), initiatedBy: byWorkload(actor), targetResources }, operation);

  it("are what it did since the suspicion, users apart, whatever activity it was and however often it is told", async () => {
    const harness = await Harness.start();
    const records = [
      did("1", startAt - 2 * minute, "Update user", target("User", user)),
      did("2", startAt - minute, "Add application", target("Application", applicationId)),
      did("3", startAt - day, "Update group", target("Group", tenantId)),
      did("4", startAt - minute, "Update service principal", target("ServicePrincipal", actor)),
    ];
    await harness.deliver(...records);
    await harness.deliver(...records.toReversed());
    const { services } = harness.process;
    expect(await descendantsOf(services, tenantId, actor, iso(startAt - 3 * minute))).toEqual({
      objects: [{ id: applicationId, type: "Application", activity: "add application", at: iso(startAt - minute) }],
      users: [{ id: user, type: "User", activity: "update user", at: iso(startAt - 2 * minute) }],
      incompleteBefore: null,
    });
    const monthsAgo = await descendantsOf(services, tenantId, actor, iso(startAt - 90 * day));
    expect(monthsAgo.objects).toHaveLength(2);
    expect(monthsAgo.incompleteBefore).toBe(iso(harness.clock.now() - 30 * day));
  });

  it("cost one write for each actor of a batch, and nothing where no workload acted", async () => {
    const calls: string[] = [];
    const harness = await Harness.start();
    const { changes } = harness.process.services.stores;
    const add = changes.add;
    Object.assign(changes, {
      add(...args: Parameters<typeof add>) {
        calls.push(args[1]);
        return add(...args);
      },
    });
    await harness.deliver(...[1, 2, 3].map((n) => did(String(n), startAt - n, "Update user", target("User", user))));
    await harness.deliver(audit({}, "Update user"));
    expect(calls).toEqual([actor]);
  });
});
