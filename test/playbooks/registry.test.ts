/** Every playbook plans only what is registered, and nothing irreversible while it contains. */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadPolicy } from "../../shared/config/policy-file.ts";
import { IdentityKind } from "../../shared/domain/identity.ts";
import { PlannedStep, stageOrder } from "../../shared/domain/plan.ts";
import { scannedIds } from "../../shared/domain/scanned.ts";
import { actionOf, actions, detections, playbooks, registryOf } from "../../shared/engine/registry.ts";
import * as exported from "../../shared/playbooks/index.ts";
import {
  exampleParameters,
  fits,
  type Inventory,
  nothingKnown,
  type Playbook,
} from "../../shared/playbooks/playbook.ts";
import { exampleFindings, scannedExamples } from "../../tools/catalog/example-findings.ts";
import { manualFinding } from "../support/findings.ts";
import { expectFolderExported, kebab, oneSentence } from "../support/unit-contract.ts";

const named: readonly [string, Playbook][] = Object.entries(exported);

/** What a detection's examples become when the engine files them; or what a scan of the tenant files. */
function findingsOf(id: string) {
  const detection = detections.get(id);
  return detection === undefined ? scannedExamples(id) : exampleFindings(detection);
}

/** Everything that may be known when it plans: nothing where it plans unseen, and each of its kinds. */
function inventoriesFor({ kinds, plannedUnseen }: Playbook): readonly Inventory[] {
  const unseen = kinds === undefined || plannedUnseen === true ? [nothingKnown] : [];
  const seen = (kinds ?? IdentityKind.options).flatMap((kind) =>
    [true, false].map((publisherVerified) => ({ ...nothingKnown, kind, publisherVerified })),
  );
  return [...unseen, ...seen];
}

test("every file of the folder is exported, and nothing else is", () => {
  expectFolderExported(
    readdirSync("shared/playbooks"),
    ["playbook"],
    named.map(([, { id }]) => id),
  );
});

test("every registered detection has a line in the shipped policy, and every line a detection", () => {
  expect(Object.keys(loadPolicy("policy.yaml").detections).sort()).toEqual([...detections.keys()].sort());
});

test("two units with one id are refused at start", () => {
  const unit = { id: "twice" };
  expect(() => registryOf({ one: unit, two: { ...unit } })).toThrow("share an id");
});

test("a plan of another version, with an action we do not have, is an error and not an empty step", () => {
  expect(() => actionOf("set-tenant-on-fire")).toThrow("set-tenant-on-fire");
});

describe.each(named)("%s", (name, playbook) => {
  const asked = playbook.manual
    ? [manualFinding({ playbook: playbook.id, parameters: exampleParameters(playbook) })]
    : [];
  const findings = [...playbook.handles.flatMap(findingsOf), ...asked];
  const planned = inventoriesFor(playbook).flatMap((inventory) =>
    findings.map((finding) => ({ finding, inventory, steps: playbook.plan(finding, inventory) })),
  );

  test("is named after its file, and says in one sentence what it does", () => {
    expect(kebab(name)).toBe(playbook.id);
    expect(playbook.summary).toMatch(oneSentence);
    expect(playbook.version).toBeGreaterThanOrEqual(1);
  });

  test("handles registered detections and what a scan files only, each with examples to plan from; or it is for people alone", () => {
    expect(playbook.manual || playbook.handles.length > 0).toBe(true);
    for (const id of playbook.handles) {
      expect([...detections.keys(), ...scannedIds]).toContain(id);
      expect(findingsOf(id).length).toBeGreaterThan(0);
    }
  });

  test("plans steps of registered actions, with parameters that survive storage and fit their action", () => {
    expect(planned.some(({ steps }) => steps.length > 0)).toBe(true);
    for (const step of planned.flatMap(({ steps }) => steps)) {
      const stored = PlannedStep.parse(JSON.parse(JSON.stringify(step)));
      expect(stored).toEqual(step);
      expect([...actions.keys()]).toContain(step.action);
      expect(actionOf(step.action).parameters.parse(stored.parameters)).toEqual(step.parameters);
      expect(step.reason).not.toBe("");
    }
  });

  test("contains by reversible steps only, whatever the identity is", () => {
    const contain = planned.flatMap(({ steps }) => steps).filter(({ stage }) => stage === "contain");
    for (const { action } of contain) {
      for (const kind of IdentityKind.options) expect(actionOf(action).impact(kind)).toBe("reversible");
    }
  });

  test("plans nothing but what applies to some of its kinds", () => {
    const kinds = playbook.kinds ?? IdentityKind.options;
    for (const step of planned.flatMap(({ steps }) => steps)) {
      const forSome = kinds.filter((kind) => step.kinds?.includes(kind) ?? true);
      expect(forSome.some((kind) => actionOf(step.action).appliesTo(kind))).toBe(true);
    }
  });

  test("lists its steps in the order of the stages", () => {
    for (const { steps } of planned) {
      const order = steps.map(({ stage }) => stageOrder.indexOf(stage));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });

  test("plans the same steps again from the same finding, and never the same change twice", () => {
    for (const { finding, inventory, steps } of planned) {
      expect(playbook.plan(finding, inventory)).toEqual(steps);
      const changes = steps.map(({ action, parameters }) => JSON.stringify([action, parameters]));
      expect(new Set(changes).size).toBe(changes.length);
    }
  });

  test("says why wherever it plans nothing", () => {
    for (const { finding, steps } of planned) {
      if (steps.length === 0) expect(playbook.whyNot?.(finding)).toEqual(expect.any(String));
    }
  });

  test("plans nothing from a finding that it does not handle, unless it asks nothing of the finding", () => {
    const others = [...playbooks.values()]
      .flatMap((other) => other.handles)
      .filter((id) => !playbook.handles.includes(id));
    for (const finding of others.flatMap(findingsOf)) {
      const fromOther = playbook.plan(finding, nothingKnown);
      for (const { parameters } of fromOther) expect(parameters.objectId ?? null).toBeNull();
    }
  });
});

test("what nobody uses is retired in the stage for that alone, and by nothing that answers an attack", () => {
  for (const [, playbook] of named) {
    const isForDisuse = playbook.handles.some((id) => scannedIds.some((scanned) => scanned === id));
    const stages = playbook.handles.flatMap(findingsOf).flatMap((finding) => playbook.plan(finding, nothingKnown));
    for (const { stage } of stages) expect(stage === "retire").toBe(isForDisuse);
    expect(isForDisuse && playbook.manual).toBe(false);
  }
});

test("no detection leaves a kind to two playbooks that would do the same twice, or a risk without any", () => {
  for (const kind of IdentityKind.options) {
    const forRisk = [...playbooks.values()].filter(
      (playbook) => playbook.handles.includes("service-principal-risk-detected") && fits(playbook, kind),
    );
    expect(forRisk.length, kind).toBe(kind === "microsoft-first-party" ? 0 : 1);
  }
});

test("a credential on a Microsoft first-party principal has a playbook of its own, which disables nothing", () => {
  const chosen = [...playbooks.values()].filter(
    (playbook) =>
      playbook.handles.includes("credential-added-to-service-principal") && fits(playbook, "microsoft-first-party"),
  );
  expect(chosen.map(({ id }) => id)).toEqual(["clean-first-party-principal"]);
  const steps = findingsOf("credential-added-to-service-principal").flatMap((finding) =>
    chosen.flatMap((playbook) => playbook.plan(finding, nothingKnown)),
  );
  expect(steps.every(({ stage }) => stage === "eradicate")).toBe(true);
});
