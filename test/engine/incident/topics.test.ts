/** Findings about no workload identity: an incident that people hear of, quietly closed, and never a plan or a question to Graph. */
import { describe, expect, it } from "vitest";
import type { Topic } from "../../../shared/domain/finding.ts";
import { nobodyIn, topicKey } from "../../../shared/domain/identity.ts";
import { evidenceFor } from "../../../shared/engine/evidence/evidence.ts";
import { placeFinding } from "../../../shared/engine/incident/place-finding.ts";
import { resolveFindings } from "../../../shared/engine/incident/resolve-findings.ts";
import type { Unplaced } from "../../../shared/engine/ingest/detect.ts";
import { parseWoken, runDue } from "../../../shared/engine/run/run-due.ts";
import { credentialFinding } from "../../support/findings.ts";
import { Harness } from "../../support/harness.ts";
import { addIdentity, another, credentialAdded, guid, iso, tenantId } from "../../support/harness-cast.ts";
import { day, policyWith } from "../../support/harness-world.ts";

const group: Topic = { kind: "group", id: guid(1) };

function about(topic: Topic, change: Partial<Unplaced> = {}): Unplaced {
  const { id: _, ...finding } = credentialFinding({});
  const details = { about: "group-given-role", groupId: guid(1), roleDefinitionId: null, claimedRole: "x" } as const;
  const rest = { detection: "group-given-role", ceiling: "notify", details, claimedName: "Ops" } as const;
  return { ...finding, ...rest, subject: nobodyIn(tenantId), topic, ...change };
}

describe("a finding about what is no workload identity", () => {
  it("is told once with the id of what it is about, plans nothing, and closes by quiet time", async () => {
    const harness = await Harness.start();
    expect(await placeFinding(harness.process.services, about(group))).toBe("new");
    expect(await placeFinding(harness.process.services, about(group))).toBe("duplicate");
    await harness.run(10 * day);
    const [told, ...more] = harness.events("finding.created");
    expect(more).toEqual([]);
    expect(told?.message).toContain(`group ${guid(1)}, named "Ops"`);
    expect(told?.message).toContain("no plan");
    expect(await harness.runs()).toEqual([]);
    expect(harness.events("incident.closed").map(({ message }) => message)).toEqual([
      expect.stringContaining(`group ${guid(1)}`),
    ]);
    expect(harness.world.log.filter((line) => line.startsWith("error"))).toEqual([]);
  });

  it("plans nothing either when its row, or its detection, claims that it may", async () => {
    const harness = await Harness.start();
    const claims = about(group, { ceiling: "enforce", detection: "credential-added-to-service-principal" });
    await placeFinding(harness.process.services, { ...claims, details: credentialFinding({}).details });
    await harness.run(day);
    expect(await harness.runs()).toEqual([]);
  });

  it("whose record names nobody legibly says what it writes instead, quoted, and where to look", async () => {
    const harness = await Harness.start();
    const unnamed = about({ kind: "unnamed", id: "h" }, { claimedId: "9089a539-****", claimedName: null });
    await placeFinding(harness.process.services, unnamed);
    await harness.run();
    const [told] = harness.events("finding.created");
    expect(told?.message).toContain('writes "9089a539-****" in its place; look at record record-1 of AuditLogs');
  });

  it("asks Graph nothing, whatever whoever can send to the hub says is due there", async () => {
    const harness = await Harness.start();
    const identity = topicKey(tenantId, group);
    await placeFinding(harness.process.services, about(group));
    const tenant = { ...harness.process.services.tenant, read: () => Promise.reject(new Error("Graph was asked")) };
    const writer = { ...harness.process.writer, services: { ...harness.process.services, tenant } };
    expect(await resolveFindings(writer, { kind: "resolve", identity })).toEqual({ wakeAt: null });
    const forged = { kind: "stage", identity, planId: "p", stage: "contain", verifies: false };
    await runDue(writer, parseWoken(writer.services, [forged]));
    expect(harness.world.log.filter((line) => line.startsWith("error"))).toEqual([]);
  });
});

describe("one actor behind many findings", () => {
  async function burstBy(initiatedBy: Record<string, unknown>): Promise<Harness> {
    const harness = await Harness.start(policyWith({ mode: "approve" }));
    harness.tenant.change((directory) => addIdentity(directory, another(99)));
    for (let n = 1; n <= 10; n++) {
      const { record } = credentialAdded({ id: `audit-${n}`, objectId: another(n).applicationId });
      Object.assign(record.properties as object, { initiatedBy });
      harness.tenant.change((directory) => addIdentity(directory, another(n)));
      await harness.deliver(record);
    }
    await harness.run(2 * 3600_000);
    return harness;
  }
  const onActor = (harness: Harness) =>
    harness.events("finding.created").filter(({ data }) => data.detection === "one-actor-burst");

  it("who is a person becomes one incident on that person", async () => {
    const harness = await burstBy({ user: { id: guid(7), userPrincipalName: "m@example.com" } });
    expect(onActor(harness).map(({ identity }) => identity.key)).toEqual([`${tenantId}|topic:user:${guid(7)}`]);
  });

  it("which is a workload that nobody has met becomes one incident on its identity", async () => {
    const { servicePrincipalId, appId } = another(99);
    const harness = await burstBy({ app: { servicePrincipalId, appId: null } });
    expect(onActor(harness).map(({ identity }) => identity.key)).toEqual([`${tenantId}|${appId}`]);
  });
});

it("what rests on sign-ins alone is never borne out, and Graph is not asked", async () => {
  const harness = await Harness.start();
  const tenant = { ...harness.process.services.tenant, read: () => Promise.reject(new Error("Graph was asked")) };
  const writer = { ...harness.process.writer, services: { ...harness.process.services, tenant } };
  const { warrant, ...rest } = credentialFinding({});
  const finding = { ...rest, warrant: { ...warrant, category: "ManagedIdentitySignInLogs" as const } };
  const evidence = await evidenceFor(writer, finding, null);
  expect(evidence).toMatchObject({ borneOut: false, withdrawn: false, at: iso(Date.parse(warrant.activityAt)) });
});
