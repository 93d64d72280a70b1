/** GET /api/incidents and /api/incidents/{id}: what happens to identities, users, groups and ids that nobody knows. */
import { describe, expect, it } from "vitest";
import { getIncident, listIncidents } from "../../../shared/api/show-incidents.ts";
import { rowKey } from "../../../shared/engine/rows/rows.ts";
import { audit, target } from "../../records/build.ts";
import { appId, iso, tenantId } from "../../support/harness-cast.ts";
import { asking, callOn, leakAnother, leakedWorld } from "./show-world.ts";

const hour = 3_600_000;

describe("the listing", () => {
  it("gives each incident exactly once, newest first, also when incidents come meanwhile", async () => {
    const harness = await leakedWorld(5);
    const ask = asking(harness);
    const { items: before } = await ask(listIncidents, "/incidents?limit=200");
    expect(before).toHaveLength(6);
    expect(before.map(({ openedAt }) => openedAt)).toEqual(
      before
        .map(({ openedAt }) => openedAt)
        .sort()
        .reverse(),
    );
    const seen: string[] = [];
    let n = 10;
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page: typeof listIncidents.answer.schema._output = await ask(listIncidents, `/incidents?limit=4${query}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      await leakAnother(harness, n++);
    }
    expect(seen).toEqual(before.map(({ id }) => id));
  });

  it("filters by status, severity and identity, and says what waits", async () => {
    const harness = await leakedWorld(1);
    const ask = asking(harness);
    const ofVictim = (await ask(listIncidents, `/incidents?identity=appId:${appId}`)).items;
    expect(ofVictim).toMatchObject([
      { identity: { appId }, status: "open", contained: false, topic: null, waits: [{ stage: "contain" }] },
    ]);
    expect((await ask(listIncidents, "/incidents?status=open")).items).toHaveLength(2);
    expect((await ask(listIncidents, "/incidents?status=closed")).items).toEqual([]);
    const severity = ofVictim[0]?.severity;
    expect((await ask(listIncidents, `/incidents?severity=${severity}`)).items.length).toBeGreaterThan(0);
    expect((await ask(listIncidents, "/incidents?severity=informational")).items).toEqual([]);
  });

  it("names findings about an object id that nobody knows, and what somebody made unreadable", async () => {
    const harness = await leakedWorld(1);
    const objectId = "22222222-0000-4000-8000-00000000abcd";
    const at = iso(harness.clock.now() - 1_000);
    await harness.deliver(
      audit(
        { id: "about-nobody", activityDateTime: at, targetResources: [target("ServicePrincipal", objectId)] },
        "Remove service principal",
      ),
    );
    const ask = asking(harness);
    const page = await ask(listIncidents, "/incidents");
    expect(page.unresolved.map((one) => one.objectId)).toEqual([objectId]);
    const [first] = page.items;
    harness.editRow(rowKey.incident(first?.id ?? ""), () => ({ status: "never happened" }));
    const after = await ask(listIncidents, "/incidents");
    expect(after.items).toHaveLength(page.items.length - 1);
    expect(after.unreadable).toMatchObject([{ row: rowKey.incident(first?.id ?? "") }]);
    expect(await callOn(harness)(`/incidents/${first?.id}`)).toMatchObject({ status: 404 });
  });
});

describe("one incident", () => {
  it("holds findings, plans and their stages, the timeline in order, and where its evidence is", async () => {
    const harness = await leakedWorld(0);
    await harness.decide("contain");
    await harness.run(10 * 60_000);
    const { incidentId } = await harness.plan();
    const shown = await asking(harness)(getIncident, `/incidents/${incidentId}`);
    expect(shown).toMatchObject({
      identity: { key: `${tenantId}|${appId}` },
      contained: true,
      evidence: `/api/incidents/${incidentId}/evidence`,
      ledgerProblems: [],
      omitted: 0,
    });
    expect(shown.findings.map(({ recordId }) => recordId)).toEqual(["detection-1"]);
    expect(shown.plans[0]).toMatchObject({ altered: false, stages: [{ stage: "contain", status: "done" }, {}] });
    expect(shown.timeline.map(({ seq }) => seq)).toEqual(shown.timeline.map((_, at) => at + 1));
    expect(shown.timeline.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["finding.created", "stage.awaiting-approval", "identity.contained"]),
    );
  });

  it("stays what it was when it is closed, and when one of its plans was altered", async () => {
    const harness = await leakedWorld(0);
    const { incidentId, planId } = await harness.plan();
    await harness.decide("contain", "deny");
    await harness.run(200 * hour);
    harness.editRow(rowKey.plan(planId), (row) => ({ ...row, signature: "forged" }));
    const shown = await asking(harness)(getIncident, `/incidents/${incidentId}`);
    expect(shown).toMatchObject({ status: "closed", contained: false, waits: [] });
    expect(shown.closedBecause).not.toBeNull();
    expect(shown.plans[0]).toMatchObject({ id: planId, altered: true, hash: null });
  });

  it("that there is not is said to be none", async () => {
    const answer = await callOn(await leakedWorld(0))(`/incidents/${"B".repeat(22)}`);
    expect(answer).toMatchObject({ status: 404, body: { type: "urn:tourniquet:problem:no-such-incident" } });
  });
});
