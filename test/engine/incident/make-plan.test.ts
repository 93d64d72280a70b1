/** A plan holds only what is still called for, and the same finding makes the same plan. */
import { describe, expect, test } from "vitest";
import type { Finding } from "../../../shared/domain/finding.ts";
import { identityKey } from "../../../shared/domain/identity.ts";
import type { Incident } from "../../../shared/domain/incident.ts";
import type { Outcome } from "../../../shared/domain/outcome.ts";
import { Plan, type StageStatus, StageStatus as Statuses } from "../../../shared/domain/plan.ts";
import { makePlan } from "../../../shared/engine/incident/make-plan.ts";
import type { Partition } from "../../../shared/engine/rows/partition.ts";
import { newStage, newStep, rowKey } from "../../../shared/engine/rows/rows.ts";
import { containCompromisedIdentity, removeAddedCredential } from "../../../shared/playbooks/index.ts";
import { nothingKnown, type Playbook } from "../../../shared/playbooks/playbook.ts";
import { isoAt } from "../../../shared/ports/clock.ts";
import { credentialFinding, now, riskFinding, subject } from "../../support/findings.ts";
import { policy } from "../../support/guardrail-subject.ts";

const minuteMs = 60_000;

const incident: Incident = {
  id: "incident-1",
  identity: subject,
  severity: "high",
  status: "open",
  openedAt: isoAt(now),
  nextOrdinal: 1,
  closedAt: null,
  closedBecause: null,
};

function partitionOf(rows: Readonly<Record<string, unknown>> = {}): Partition {
  const entries = Object.entries(rows).map(([key, value]) => [key, { key, etag: "1", value }] as const);
  return { key: identityKey(subject.tenantId, subject.appId), rows: new Map(entries) };
}

function plan(
  finding: Finding,
  playbook: Playbook = containCompromisedIdentity,
  partition = partitionOf(),
  nextOrdinal = 1,
) {
  return makePlan({ incident: { ...incident, nextOrdinal }, finding, playbook, policy, partition, now });
}

function must(made: Plan | null): Plan {
  if (made === null) throw new Error("a plan was expected");
  return made;
}

/** The rows of an earlier plan, every stage in one state and every step with one outcome. */
function earlier(made: Plan, status: StageStatus, outcome: Pick<Outcome, "status" | "at"> | null): Partition {
  const rows: Record<string, unknown> = { [rowKey.plan(made.id)]: { payload: JSON.stringify(made), signature: "s" } };
  made.steps.forEach((step, index) => {
    rows[rowKey.stage(made.id, step.stage)] = { ...newStage, status };
    const known = outcome === null ? null : { ...outcome, reason: "", requestIds: [] };
    rows[rowKey.step(made.id, index)] = { ...newStep, outcome: known };
  });
  return partitionOf(rows);
}

test("a first finding calls for every step of its playbook, at once, in the words of the plan's contract", () => {
  const made = must(plan(riskFinding({})));
  expect(Plan.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  expect(made.steps).toEqual(containCompromisedIdentity.plan(riskFinding({}), nothingKnown));
  expect(made).toMatchObject({
    incidentId: "incident-1",
    findingIds: ["finding-1"],
    requestedBy: "tourniquet",
    createdAt: isoAt(now),
    notBefore: isoAt(now),
  });
});

test("the policy decides whether the owners go before the application is deactivated, since they may activate it again", () => {
  const actionsUnder = (removeOwnersFirst: boolean) =>
    must(
      makePlan({
        incident,
        finding: riskFinding({}),
        playbook: containCompromisedIdentity,
        policy: { ...policy, deactivation: { removeOwnersFirst } },
        partition: partitionOf(),
        now,
      }),
    ).steps.map(({ action, kinds }) => `${action} ${kinds ?? "any"}`);
  const deactivation = "deactivate-application home-multi-tenant";
  const first = actionsUnder(true);
  expect(first.indexOf(deactivation) - first.indexOf("remove-owners home-multi-tenant")).toBe(1);
  expect(first).toEqual(
    actionsUnder(false).toSpliced(first.indexOf(deactivation) - 1, 0, "remove-owners home-multi-tenant"),
  );
  expect(actionsUnder(false)).toContain(deactivation);
});

describe("its id is of the incident, the playbook's version and the ordinal", () => {
  const id = (playbook: Playbook, ordinal: number) => must(plan(riskFinding({}), playbook, partitionOf(), ordinal)).id;
  const { id: name, version } = containCompromisedIdentity;
  test("so that filing the same finding again meets the same plan", () => {
    expect(id(containCompromisedIdentity, 1)).toBe(id(containCompromisedIdentity, 1));
  });
  test("and another ordinal or version makes another plan", () => {
    const others = [
      id(containCompromisedIdentity, 1),
      id(containCompromisedIdentity, 2),
      id({ ...containCompromisedIdentity, version: version + 1 }, 1),
    ];
    expect(new Set(others).size, name).toBe(3);
  });
});

describe("a step is not called for again", () => {
  const made = must(plan(riskFinding({})));
  const running = Statuses.options.filter((status) =>
    ["pending", "deferred", "observed", "waiting", "running"].includes(status),
  );

  test.each(running)("while a stage that is %s still has to run it", (status) => {
    expect(plan(riskFinding({}), containCompromisedIdentity, earlier(made, status, null), 2)).toBeNull();
  });

  test.each(["applied", "already-in-place"] as const)("once it was %s after the time of the evidence", (status) => {
    const after = isoAt(Date.parse(riskFinding({}).warrant.activityAt) + 1);
    expect(
      plan(riskFinding({}), containCompromisedIdentity, earlier(made, "done", { status, at: after }), 2),
    ).toBeNull();
  });
});

describe("a step is called for again", () => {
  const made = must(plan(riskFinding({})));
  const activityAt = riskFinding({}).warrant.activityAt;
  const later = isoAt(Date.parse(activityAt) + 1);
  test.each([
    ["when the evidence is as new as the change", earlier(made, "done", { status: "applied", at: activityAt })],
    ["when it did not apply then", earlier(made, "done", { status: "skipped", at: later })],
    ["when it failed", earlier(made, "failed", { status: "failed", at: later })],
    ["when a guardrail refused it", earlier(made, "blocked", { status: "blocked", at: later })],
    ["when nobody answered", earlier(made, "expired", { status: "expired", at: later })],
    ["when a person denied it", earlier(made, "cancelled", { status: "cancelled", at: later })],
    ["when it was taken back", earlier(made, "undone", { status: "reverted", at: later })],
    ["when the plan was taken back", earlier(made, "undone", { status: "applied", at: later })],
    ["when its stage failed after it", earlier(made, "failed", { status: "applied", at: later })],
    ["when it was of another incident", earlier({ ...made, incidentId: "another" }, "pending", null)],
  ])("%s", (_, partition) => {
    expect(must(plan(riskFinding({}), containCompromisedIdentity, partition, 2)).steps).toEqual(made.steps);
  });

  test("and only that step, when others still have to run", () => {
    const partition = earlier(made, "pending", null);
    partition.rows.set(rowKey.stage(made.id, "contain"), {
      key: rowKey.stage(made.id, "contain"),
      etag: "1",
      value: { ...newStage, status: "undone" },
    });
    const followUp = must(plan(riskFinding({}), containCompromisedIdentity, partition, 2));
    expect(followUp.steps.map(({ action }) => action)).toEqual(["disable-service-principal"]);
  });

  test("when it names other credentials", () => {
    const first = must(plan(credentialFinding({}), removeAddedCredential));
    const other = {
      keyId: "4245f2f5-4052-4c5b-afe8-1d7885d9bb39",
      keyType: "Password",
      keyUsage: "Verify",
      claimedName: "",
    } as const;
    const partition = earlier(first, "pending", null);
    expect(plan(credentialFinding({}), removeAddedCredential, partition, 2)).toBeNull();
    expect(plan(credentialFinding({ added: [other] }), removeAddedCredential, partition, 2)).not.toBeNull();
  });
});

describe("a rotation gets its time", () => {
  const settleMs = policy.settle.addedCredentialMinutes * minuteMs;
  const added = (ageMs: number) =>
    credentialFinding({}, { warrant: { ...credentialFinding({}).warrant, activityAt: isoAt(now - ageMs) } });

  test("counted from when the credential was added", () => {
    expect(must(plan(added(minuteMs), removeAddedCredential)).notBefore).toBe(isoAt(now - minuteMs + settleMs));
  });

  test("and not again when that is over", () => {
    expect(must(plan(added(settleMs + minuteMs), removeAddedCredential)).notBefore).toBe(isoAt(now));
  });
});

test("what calls for nothing makes no plan", () => {
  expect(plan(credentialFinding({ samlSigningSet: true }), removeAddedCredential)).toBeNull();
});
