/** A dismissal closes an incident that is about risk alone, when a person did it who is no part of it; an attacker's closes nothing. */
import { describe, expect, it } from "vitest";
import { audit, type Raw, target } from "../../records/build.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { credentialAdded, iso, leak, riskyRecord, servicePrincipalId } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const helpdesk = "9d8001cb-a159-4252-a3a1-c2dc689f322a";
const thief = "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11";
const byPerson: Raw = { user: { id: helpdesk, userPrincipalName: "h@example.com" }, app: null };
const byWorkload: Raw = { app: { appId: null, displayName: "x", servicePrincipalId: thief }, user: null };
const asking = policyWith({ mode: "approve" });

/** Identity Protection shows nothing live any more, and says so. */
async function cleared(harness: Harness, change: Raw = {}): Promise<Raw> {
  harness.tenant.change((directory) => {
    for (const one of directory.riskDetections) one.riskState = change.riskState ?? "dismissed";
  });
  const properties = { riskState: "dismissed", riskDetail: "adminDismissedAllRiskForServicePrincipal", ...change };
  return riskyRecord({ at: harness.clock.now(), properties: { riskLevel: "none", ...properties } });
}

/** The audit record, and Graph's own copy. */
function dismissal(harness: Harness, initiatedBy: Raw, isTrue = true, id = "dismissed-1"): Raw {
  const said = { id, activityDateTime: iso(harness.clock.now()), initiatedBy, category: "Other" };
  const record = audit(
    { ...said, targetResources: [target("ServicePrincipal", servicePrincipalId)] },
    "DismissServicePrincipal",
  );
  const copy = { ...(record.properties as Raw), activityDisplayName: "DismissServicePrincipal" };
  if (isTrue) harness.tenant.change(({ audits }) => audits.push(copy as never));
  return record;
}

async function waiting(): Promise<Harness> {
  const harness = await Harness.start(asking);
  await leaked(harness);
  await harness.clock.advance(5 * minute);
  return harness;
}

const closed = (harness: Harness) => harness.events("incident.closed").map(({ message }) => message);

describe("a dismissal", () => {
  it.each([
    ["the risk first", [0, 1]],
    ["the audit record first", [1, 0]],
    ["twice", [0, 1, 0, 1]],
  ])("by a person closes what waits, and says who and what (%s)", async (_, order) => {
    const harness = await waiting();
    const records = [await cleared(harness), dismissal(harness, byPerson)];
    for (const n of order) {
      await harness.deliver(records[n]);
      await harness.run(minute);
    }
    expect(closed(harness)).toEqual([expect.stringContaining(`user ${helpdesk} dismissed the risk`)]);
    const states = (await harness.plan()).stages.map(({ status }) => status);
    expect(states.every((status) => status === "cancelled" || status === "blocked")).toBe(true);
    expect(harness.tenant.writes).toEqual([]);
  });

  it("by a workload closes nothing, and is told loudly once", async () => {
    const harness = await waiting();
    await harness.deliver(await cleared(harness), dismissal(harness, byWorkload));
    await harness.deliver(dismissal(harness, byWorkload, false));
    await harness.run(2 * day);
    expect(closed(harness)).toEqual([]);
    expect(harness.events("incident.kept-open")).toMatchObject([{ urgency: "page", severity: "high" }]);
    expect(harness.events("incident.kept-open")[0]?.message).toContain(thief);
  });

  it("by whoever added a credential in the same incident closes nothing", async () => {
    const harness = await waiting();
    const { record } = credentialAdded({ object: "ServicePrincipal" });
    Object.assign(record.properties as object, { initiatedBy: byPerson });
    await harness.deliver(record, await cleared(harness), dismissal(harness, byPerson));
    await harness.run(2 * day);
    expect(closed(harness)).toEqual([]);
    expect(harness.events("incident.kept-open")).toMatchObject([{ urgency: "page" }]);
  });

  it("that only a record on the hub claims closes nothing, and that is said", async () => {
    const harness = await waiting();
    await harness.deliver(await cleared(harness), dismissal(harness, byPerson, false));
    await harness.run(day);
    expect(closed(harness)).toEqual([]);
    expect(harness.events("incident.kept-open")).toMatchObject([{ urgency: "chat" }]);
  });

  it("closes nothing while Graph shows live risk, or another risk came since", async () => {
    const harness = await waiting();
    const records = [await cleared(harness), dismissal(harness, byPerson)];
    const { record, copy } = leak({ id: "detection-2", at: harness.clock.now() + minute });
    harness.tenant.change(({ riskDetections }) => riskDetections.push(copy));
    await harness.clock.advance(2 * minute);
    await harness.deliver(record, ...records);
    await harness.run(60 * minute);
    expect(closed(harness)).toEqual([]);
  });

  it("opens no incident by itself", async () => {
    const harness = await Harness.start();
    await harness.deliver(await cleared(harness), dismissal(harness, byPerson), dismissal(harness, byWorkload));
    await harness.run(day);
    expect(harness.events("finding.created")).toEqual([]);
  });

  it("leaves alone what was done already", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(20 * minute);
    await harness.deliver(await cleared(harness), dismissal(harness, byPerson));
    await harness.run(20 * minute);
    expect(closed(harness)).toHaveLength(1);
    expect(harness.tenant.directory.servicePrincipals[0]?.accountEnabled).toBe(false);
    expect((await harness.stage("contain")).status).toBe("done");
  });
});

it("what Entra itself calls remediated needs nobody's name", async () => {
  const harness = await waiting();
  await harness.deliver(await cleared(harness, { riskState: "remediated", riskDetail: "none" }));
  await harness.run(minute);
  expect(closed(harness)).toEqual([expect.stringContaining("Entra itself")]);
});

describe("a thief who may dismiss risks", () => {
  const enabled = (harness: Harness) => harness.tenant.directory.servicePrincipals[0]?.accountEnabled;
  const itself: Raw = { app: { appId: null, displayName: "x", servicePrincipalId }, user: null };

  it.each([
    ["the risk first", [0, 1], policyWith()],
    ["the audit record first", [1, 0], policyWith()],
    ["the risk first, where people are asked", [0, 1], asking],
    ["the audit record first, where people are asked", [1, 0], asking],
  ])("disarms nothing: a person decides, and may still contain it (%s)", async (_, order, policy) => {
    const harness = await Harness.start(policy);
    const { record, copy } = leak();
    harness.tenant.change((directory) => directory.riskDetections.push(copy));
    // dismissed before we heard of the risk
    const records = [await cleared(harness), dismissal(harness, itself)];
    await harness.deliver(record);
    await harness.run();
    for (const n of order) {
      await harness.deliver(records[n]);
      await harness.run(6 * minute);
    }
    expect(harness.tenant.writes).toEqual([]);
    expect(await harness.stage("contain")).toMatchObject({ status: "waiting" });
    expect((await harness.stage("contain")).reasons.join()).toContain(`dismissed by ${servicePrincipalId}`);
    expect(harness.events("incident.kept-open")).toMatchObject([{ urgency: "page" }]);
    await harness.decide("contain");
    await harness.run(10 * minute);
    expect(enabled(harness)).toBe(false);
    expect(closed(harness)).toEqual([]);
    await harness.decide("eradicate");
    await harness.run(20 * minute);
    expect((await harness.stage("eradicate")).status).toBe("done");
  });

  it("that is only claimed on the hub keeps nothing alive that Graph says was dismissed", async () => {
    const harness = await waiting();
    await harness.deliver(await cleared(harness), dismissal(harness, itself, false));
    await harness.run(2 * 60 * minute);
    expect((await harness.stage("contain")).status).toBe("observed");
    expect(harness.tenant.writes).toEqual([]);
  });

  it("is overruled by a person who is no part of it, later", async () => {
    const harness = await waiting();
    await harness.deliver(await cleared(harness), dismissal(harness, itself));
    await harness.run(minute);
    await harness.deliver(dismissal(harness, byPerson, true, "dismissed-2"));
    await harness.run(minute);
    expect(closed(harness)).toEqual([expect.stringContaining(`user ${helpdesk} dismissed the risk`)]);
    expect(harness.tenant.writes).toEqual([]);
  });

  it("cannot stop a containment that runs, and a risk raised since is acted on as any other", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.deliver(await cleared(harness), dismissal(harness, itself));
    await harness.run(20 * minute);
    expect(enabled(harness)).toBe(false);
    expect(closed(harness)).toEqual([]);
    const { record, copy } = leak({ id: "detection-2", at: harness.clock.now() });
    harness.tenant.change(({ riskDetections }) => riskDetections.push(copy));
    await harness.deliver(record);
    await harness.run(20 * minute);
    expect(closed(harness)).toEqual([]);
  });
});
