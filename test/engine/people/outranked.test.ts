/** What outranks the caller, by ids that only its plan holds, and whatever way they take to it. */
import { describe, expect, it } from "vitest";
import type { Role } from "../../../shared/domain/caller.ts";
import {
  approveGroup,
  freezeGroup,
  type Group,
  type GroupMember,
} from "../../../shared/engine/people/decisions/groups.ts";
import { findPlan, type TableServices } from "../../../shared/engine/people/find-plan.ts";
import { dismissIncident } from "../../../shared/engine/people/requests/dismiss-by-person.ts";
import { requestUndo } from "../../../shared/engine/undo/undo-by-person.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { servicePrincipalId } from "../../support/harness-cast.ts";
import { contained } from "../../support/harness-contained.ts";
import { policyWith } from "../../support/harness-world.ts";

const admin: readonly Role[] = ["Tourniquet.Admin"];
const others: readonly Role[] = ["Tourniquet.Operator", "Tourniquet.Approver"];

/** The policy calls its service principal tier 0, and its own record was made to forget that id. */
function tierZero(harness: Harness): TableServices {
  harness.editRow("identity", (row) => ({
    ...row,
    ref: { ...(row.ref as object), servicePrincipalId: null, applicationObjectId: null },
  }));
  const { policy } = harness.world;
  const listed = { ...policy.protected, tier0: [servicePrincipalId] };
  return { ...harness.tables, policy: { ...policy, protected: listed } };
}

describe("taking back", () => {
  it("our own disable is an operator's, what grants anything again is an administrator's", async () => {
    const harness = await contained();
    const services = tierZero(harness);
    const found = await findPlan(services, (await harness.plan()).planId);
    const word = { by: "olga", reason: "false alarm", roles: others };
    await expect(requestUndo(services, found, word)).rejects.toThrow(/tier-0 .* by the index of its step/);
    const disable = found.stored.plan.steps.findIndex(({ action }) => action === "disable-service-principal");
    await expect(requestUndo(services, found, word, disable)).resolves.toMatchObject({ by: "olga" });
    const latest = await findPlan(services, found.stored.plan.id);
    await expect(requestUndo(services, latest, { ...word, roles: admin })).resolves.toMatchObject({ by: "olga" });
  });
});

describe("on an identity whose plan says more of it than its record", () => {
  it("neither dismisses nor approves with a list who is no administrator", async () => {
    const harness = await Harness.start(policyWith({ mode: "approve" }));
    await leaked(harness);
    const services = tierZero(harness);
    const { planId, incidentId, identity } = await harness.plan();
    const { hash: planHash, plan } = (await findPlan(services, planId)).stored;
    const member: GroupMember = { identity, planId, stage: "contain", planHash, playbook: plan.playbook, requests: [] };
    const group: Group = { tenantId: plan.identity.tenantId, id: "list", madeAt: plan.createdAt, members: [member] };
    const word = { by: "olga", reason: "seen", roles: others };
    expect((await approveGroup(services, group, word)).skipped).toMatchObject([
      { why: expect.stringMatching(/tier-0/) },
    ]);
    await expect(dismissIncident(services, incidentId, word)).rejects.toThrow(/tier-0/);
    await expect(dismissIncident(services, incidentId, { ...word, roles: admin })).resolves.toBeDefined();
  });
});

describe("a list of what waits", () => {
  it("is made although somebody wrote rows of stages that there are none of, or spoilt a step", async () => {
    const harness = await Harness.start(policyWith({ mode: "approve" }));
    await leaked(harness);
    const { identity } = await harness.plan();
    harness.editRow("stage|", (row) => (row.status === "waiting" ? { ...row, reasons: ["blast-radius: full"] } : row));
    const rows = harness.world.data.identities.get(identity);
    const [key, row] = [...(rows ?? [])].find(([, { json }]) => json.includes("blast-radius: full")) ?? [];
    if (rows === undefined || key === undefined || row === undefined) throw new Error("nothing waits");
    rows.set(`${key}-of-nobody`, row);
    expect((await freezeGroup(harness.tables))?.members).toHaveLength(1);
    harness.editRow("step|", () => ({ requests: "none" }));
    expect(await freezeGroup(harness.tables)).toBeNull();
  });
});
