/** A policy → what it needs: enough for everything that it can ever let act, and nothing else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadPolicy } from "../../../shared/config/policy-file.ts";
import { IdentityKind } from "../../../shared/domain/identity.ts";
import { Ceiling, Mode, strictest } from "../../../shared/domain/mode.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import { actionOf, detections, playbooks } from "../../../shared/engine/registry.ts";
import { includersOf, missingPermissions } from "../../../shared/engine/snapshot/permissions.ts";
import { effectiveMode } from "../../../shared/guardrails/approval-needed.ts";
import { findingsFor } from "../../../tools/catalog/example-findings.ts";
import { stepsOn } from "../../../tools/catalog/playbook-kinds.ts";
import { enabledBy } from "../../../tools/permissions/enabled.ts";
import { needsOf } from "../../../tools/permissions/needs.ts";

const shipped = loadPolicy("policy.yaml");

const mode = fc.constantFrom(...Mode.options);
const line = fc.record({ max: fc.constantFrom(...Ceiling.options), unattended: fc.boolean() });

const policies: fc.Arbitrary<Policy> = fc
  .record({
    mode,
    stages: fc.record({ contain: mode, eradicate: mode, retire: mode }),
    lines: fc.array(line, { minLength: detections.size, maxLength: detections.size }),
  })
  .map(({ lines, ...rest }) => ({
    ...shipped,
    ...rest,
    detections: Object.fromEntries(
      [...detections.keys()].map((id, i) => {
        const { max = "observe", unattended = false } = lines[i] ?? {};
        return [id, { max, require: [], ...(unattended ? { unattendedEradication: [...playbooks.keys()] } : {}) }];
      }),
    ),
  }));

const names = (policy: Policy) => needsOf(policy).graph.map(({ permission }) => permission);

describe("what a policy needs", () => {
  test("is reading alone while it observes, whatever else it says", () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const { graph, azure } = needsOf({ ...policy, mode: "observe" });
        for (const { permission } of graph) expect(permission).toMatch(/\.Read\.(All|Directory)$/);
        for (const { permission } of azure) expect(permission).toMatch(/\/read$/);
      }),
      { numRuns: 20 },
    );
  });

  test("is enough: what it lets act is never refused for want of a permission, by the engine's own rule", () => {
    const planned = [...playbooks.values()].map((playbook) => {
      const findings = findingsFor(playbook, detections);
      const steps = IdentityKind.options.flatMap((kind) =>
        stepsOn(playbook, findings, kind).map(({ action, stage, need }) => ({ action, stage, need, kind })),
      );
      // one example of each; a playbook plans the same steps for many findings
      const different = new Map(steps.map((step) => [JSON.stringify(step), step]));
      return { playbook, steps: [...different.values()], stages: [...new Set(steps.map(({ stage }) => stage))] };
    });
    fc.assert(
      fc.property(policies, (policy) => {
        const roles = names(policy);
        for (const { playbook, steps, stages } of planned) {
          if (enabledBy(policy, playbook, stages).stages.length === 0) continue;
          for (const { action, kind, need } of steps) {
            if (need !== "optional") expect(missingPermissions(actionOf(action), kind, roles)).toEqual([]);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test("lets every playbook act that one of its own findings lets act by the guardrail's rule", () => {
    const weighed = [...playbooks.values()].flatMap((playbook) =>
      playbook.handles.map((id) => ({ playbook, ceiling: detections.get(id)?.ceiling ?? "notify", id })),
    );
    fc.assert(
      fc.property(policies, (policy) => {
        for (const { playbook, ceiling, id } of weighed) {
          const own = policy.detections[id];
          if (id === "service-principal-risk-detected" || own === undefined) continue;
          const finding = { mode: strictest(ceiling, own.max), unattended: own.unattendedEradication ?? [] };
          for (const stage of ["contain", "eradicate"] as const) {
            const subject = { findings: [finding], policy, stage, playbook: playbook.id };
            const goes = effectiveMode(subject as unknown as Parameters<typeof effectiveMode>[0]);
            if (goes !== "approve" && goes !== "enforce") continue;
            expect(enabledBy(policy, playbook, ["contain", "eradicate"]).stages).toContain(stage);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test("never grows when the policy is tightened", () => {
    fc.assert(
      fc.property(policies, mode, (policy, ceiling) => {
        const tighter = { ...policy, mode: strictest(policy.mode, ceiling) as Mode };
        const loose = names(policy);
        const isThere = (name: string) => [name, ...includersOf(name)].some((one) => loose.includes(one));
        expect(names(tighter).filter((name) => !isThere(name))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test("names nothing twice, and nothing that another need includes", () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const all = names(policy);
        expect(new Set(all).size).toBe(all.length);
        for (const name of all) expect(includersOf(name).filter((one) => all.includes(one))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test("goes by the settings that make us read or write more", () => {
    const attribute = { ...shipped.protected, attribute: { set: "s", name: "n", never: [], ask: [] } };
    expect(names({ ...shipped, protected: attribute })).toContain("CustomSecAttributeAssignment.Read.All");
    const trustedLocations = { identities: {}, namedLocations: true };
    expect(names({ ...shipped, trustedLocations })).toContain("Policy.Read.All");
    const conditionalAccess = { policyId: "11111111-0000-4000-8000-000000000001" };
    expect(names({ ...shipped, conditionalAccess })).not.toContain("Policy.ReadWrite.ConditionalAccess");
    expect(names({ ...shipped, conditionalAccess, mode: "approve" })).toContain("Policy.ReadWrite.ConditionalAccess");
    expect(names({ ...shipped, mode: "enforce" })).not.toContain("Policy.Read.All");
  });

  test("leaves out what optional steps of a stage take that may not run", () => {
    const stages = { contain: "enforce", eradicate: "observe", retire: "observe" } as const;
    const lines = Object.fromEntries(
      Object.entries(shipped.detections).map(([id, { max }]) => [id, { max, require: [] }]),
    );
    const containing = names({ ...shipped, mode: "enforce", stages, detections: lines });
    expect(containing).toContain("Application.ReadWrite.All");
    expect(containing).toContain("IdentityRiskyServicePrincipal.Read.All");
    expect(containing).not.toContain("IdentityRiskyServicePrincipal.ReadWrite.All");
  });
});
