/** The main job: a leaked secret is contained by rule, proved, reported, and cleaned up once a person says so. */
import { describe, expect, it } from "vitest";
import { unlicensed } from "../../support/fake-tenant.ts";
import { Harness, leaked } from "../../support/harness.ts";
import {
  added,
  keyA,
  leak,
  refusedSignIn,
  riskyRecord,
  servicePrincipalId,
  tenantId,
} from "../../support/harness-cast.ts";

const minute = 60_000;

describe("a leaked secret in enforce mode", () => {
  it("disables the service principal at once, and nothing else, and says so", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    expect(harness.lines()).toEqual([`PATCH /servicePrincipals/${servicePrincipalId} {"accountEnabled":false}`]);
    expect((await harness.stage("contain")).status).toBe("done");
    expect(harness.events("stage.finished")).toHaveLength(1);
    expect(harness.events("identity.contained")).toHaveLength(0);
  });

  it("says contained only after two agreeing reads at least a minute apart", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(45_000);
    expect((await harness.stage("contain")).verification).toMatchObject({ state: "unverified" });
    await harness.run(minute);
    const { verification } = await harness.stage("contain");
    expect(verification?.state).toBe("verified");
    const [first, last] = [verification?.reads.at(0)?.at ?? "", verification?.reads.at(-1)?.at ?? ""];
    expect(Date.parse(last) - Date.parse(first)).toBeGreaterThanOrEqual(minute);
    const [notice] = harness.events("identity.contained");
    expect(notice?.message).toMatch(/^1\. .*verified by two reads/);
    expect(notice?.message).toContain(`secret ${keyA} on the application`);
    expect(notice?.message).toContain("eradicate (awaiting-approval)");
  });

  it("says contained after one agreeing read when a later sign-in was refused", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(12_000);
    await harness.deliver(refusedSignIn(harness.clock.now()));
    await harness.run();
    expect((await harness.stage("contain")).verification).toMatchObject({ state: "verified" });
    expect(harness.events("identity.contained")[0]?.message).toContain("refused sign-in 7000112");
  });

  it("is not moved by a sign-in refused before the disable", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.run(12_000);
    await harness.deliver(refusedSignIn(harness.clock.now() - minute));
    await harness.run();
    expect((await harness.stage("contain")).verification).toMatchObject({ state: "unverified" });
  });

  it("lets eradicate wait, and on another person's approval empties both objects, confirming last", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    expect(await harness.stage("eradicate")).toMatchObject({ status: "waiting" });
    expect(harness.tenant.writes).toHaveLength(1);
    await harness.decide("eradicate");
    await harness.run();
    const { servicePrincipals, applications } = harness.tenant.directory;
    for (const object of [...servicePrincipals, ...applications]) {
      expect(object).toMatchObject({ passwordCredentials: [], keyCredentials: [] });
    }
    expect(harness.lines()).toHaveLength(7);
    expect(harness.lines().at(-1)).toContain("confirmCompromised");
    const { status, steps } = await harness.stage("eradicate");
    expect(status).toBe("done");
    const applied = steps.filter(({ outcome }) => outcome?.status === "applied").map(({ action }) => action);
    const credentials = ["remove-password-credentials", "remove-key-credentials"];
    expect(applied).toEqual([...credentials, ...credentials, "confirm-compromised"]);
    // only a home application that other tenants use is deactivated, and this tenant has no Azure subscription that we can read
    const skipped = steps.filter(({ outcome }) => outcome?.status === "skipped").map(({ action }) => action);
    expect(skipped).toEqual(["deactivate-application", "remove-azure-roles"]);
    expect((await harness.stage("eradicate")).decidedBy).toContain("ada");
  });

  it("goes on to eradicate when somebody had disabled it before, and keeps no place in the blast radius", async () => {
    const harness = await Harness.start();
    harness.tenant.change(({ servicePrincipals: [principal] }) => {
      if (principal !== undefined) principal.accountEnabled = false;
    });
    await leaked(harness);
    expect((await harness.stage("contain")).steps[0]?.outcome?.status).toBe("already-in-place");
    expect(await harness.stage("eradicate")).toMatchObject({ status: "waiting" });
    const planless = { planId: "other", playbook: "any", at: harness.clock.now(), fresh: false };
    const { held } = await harness.tables.stores.reservations.reserve(tenantId, planless, () => false);
    expect(held).toEqual([]);
  });

  it("skips the confirmation without a licence, and the stage is done all the same", async () => {
    const harness = await Harness.start();
    harness.tenant.faults.push({ path: "/identityProtection/riskyServicePrincipals", answer: unlicensed });
    await leaked(harness);
    await harness.decide("eradicate");
    await harness.run();
    const { status, steps } = await harness.stage("eradicate");
    expect(status).toBe("done");
    expect(steps.at(-1)?.outcome).toMatchObject({ status: "skipped" });
    expect(harness.tenant.directory.applications[0]).toMatchObject({ passwordCredentials: [], keyCredentials: [] });
  });

  it("takes its own confirmation, coming back, as no new warrant", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.decide("eradicate");
    await harness.run();
    const at = harness.clock.now() + 60_000;
    const detail = "adminConfirmedServicePrincipalCompromised";
    const properties = { riskState: "confirmedCompromised", riskDetail: detail };
    await harness.deliver(
      riskyRecord({ at, properties }),
      leak({ id: "echo", at, properties: { ...properties, riskEventType: detail } }).record,
    );
    await harness.run(minute);
    expect(await harness.runs()).toHaveLength(1);
    expect(harness.tenant.writes).toHaveLength(7);
  });

  for (const order of ["detection first", "summary first"]) {
    it(`makes one incident and one plan of the two risk records, ${order}`, async () => {
      const harness = await Harness.start();
      const { record, copy } = leak();
      harness.tenant.change((directory) => directory.riskDetections.push(copy));
      const records = order === "detection first" ? [record, riskyRecord()] : [riskyRecord(), record];
      for (const one of records) {
        await harness.deliver(one);
        await harness.run();
      }
      const runs = await harness.runs();
      expect(new Set(runs.map(({ incidentId }) => incidentId)).size).toBe(1);
      expect(runs).toHaveLength(1);
      expect(harness.tenant.directory.servicePrincipals[0]?.accountEnabled).toBe(false);
    });
  }

  it("makes no second plan of repeated deliveries and later updates of the same risk", async () => {
    const harness = await Harness.start();
    const { record } = leak();
    await harness.deliver(riskyRecord());
    await leaked(harness);
    for (let i = 0; i < 3; i++) {
      await harness.deliver(record, record, riskyRecord({ at: harness.clock.now() + i * minute }));
      await harness.run(minute);
    }
    expect(await harness.runs()).toHaveLength(1);
    expect(harness.tenant.writes).toHaveLength(1);
  });

  it("asks instead when the evidence is old or Graph does not bear it out, and lets be what was rotated already", async () => {
    const cases = [
      { ...leak({ properties: { keyIds: [added.replace("6", "9")] } }), status: "blocked" },
      { ...leak({ at: Date.parse("2026-02-27T00:00:00Z") }), status: "waiting" },
      { ...leak(), copy: { ...leak().copy, id: "somebody else's" }, status: "waiting" },
    ];
    for (const { record, copy, status } of cases) {
      const harness = await Harness.start();
      harness.tenant.change((directory) => directory.riskDetections.push(copy));
      await harness.deliver(record);
      await harness.run();
      expect(await harness.stage("contain")).toMatchObject({ status });
      expect(harness.tenant.writes).toEqual([]);
    }
  });
});

describe("the finished incident", () => {
  it("closes after quiet time, never reopens, and new evidence opens the next", async () => {
    const harness = await Harness.start();
    await leaked(harness);
    await harness.decide("eradicate");
    await harness.run(100 * 60 * minute);
    expect(harness.events("incident.closed")).toHaveLength(1);
    expect(await harness.tables.stores.due.all(tenantId)).toEqual([]);
    const again = leak({ id: "detection-2", at: harness.clock.now() });
    harness.tenant.change((directory) => {
      directory.riskDetections.push(again.copy);
      const [principal] = directory.servicePrincipals;
      if (principal !== undefined) principal.accountEnabled = true;
    });
    await harness.deliver(again.record);
    await harness.run();
    const incidents = new Set((await harness.runs()).map(({ incidentId }) => incidentId));
    expect(incidents.size).toBe(2);
  });

  it("is contradicted, told at once, and nothing is resent, when Graph still shows it enabled after ten minutes", async () => {
    const harness = await Harness.start();
    harness.tenant.faults.push({ method: "PATCH", path: "/servicePrincipals", answer: "no-effect" });
    await leaked(harness);
    await harness.run(9 * minute);
    expect(harness.events("stage.contradicted")).toHaveLength(0);
    await harness.run(2 * minute);
    expect(harness.events("stage.contradicted")).toMatchObject([{ urgency: "page", severity: "critical" }]);
    await harness.run(60 * minute);
    expect(harness.tenant.writes).toHaveLength(1);
  });
});
