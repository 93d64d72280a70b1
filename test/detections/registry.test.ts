import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadPolicy } from "../../shared/config/policy-file.ts";
import type { Detection } from "../../shared/detections/detection.ts";
import * as exported from "../../shared/detections/index.ts";
import { type EventOf, type EventType, IdentityEvent } from "../../shared/domain/event.ts";
import { MatchDetails, Severity } from "../../shared/domain/finding.ts";
import { atLeast, Ceiling } from "../../shared/domain/mode.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";

const detections: readonly [string, Detection][] = Object.entries(exported);
const folder = new URL("../../shared/detections/", import.meta.url);
/** The patterns of public rule sets that must be found, as the catalogue numbers them. */
const asked = [
  ...["A1", "A2", "A3", "A4", "A5", "A9", "A11", "A12"],
  ...["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8"],
  ...["C1", "C2", "C3", "C4", "C6", "C8", "C9", "C10", "C11", "C12", "C14"],
  ...["D1", "D2", "D3", "D4", "E1", "E2", "E3", "E5", "E6", "E7", "E8"],
];
const now = Date.parse("2026-03-02T10:00:00Z");
/** None of their events is certain to be harmless. */
const ignoreNothing = new Set(["group-joined", "consent-blocked", "detection-silenced"]);

test("every file of the folder is exported, so none is forgotten", () => {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const ids = files
    .map((file) => file.name.replace(/\.ts$/, ""))
    .filter((name) => !["index", "detection"].includes(name));
  expect(detections.map(([, detection]) => detection.id).sort()).toEqual(ids.sort());
});

test("together they look for every pattern of the catalogue that was asked for, and for no other", () => {
  const found = new Set(detections.flatMap(([, { patterns }]) => patterns));
  expect([...found].sort()).toEqual([...asked].sort());
});

test("what a stranger can cause is only told, and so is what nothing may be done about", () => {
  const strangers = ["many-failed-sign-ins", "consent-blocked"];
  const told = [...strangers, "look-alike-name", "group-given-role", "detection-silenced", "unledgered-write"];
  for (const id of told) {
    const [, detection] = detections.find(([, one]) => one.id === id) ?? [];
    expect(detection?.ceiling, id).toBe("notify");
  }
});

test("what the shipped policy says of a detection is never more than the detection allows", () => {
  const lines = loadPolicy("policy.yaml").detections;
  expect(Object.keys(lines).sort()).toEqual(detections.map(([, { id }]) => id).sort());
  for (const [, { id, ceiling }] of detections) expect(atLeast(ceiling, lines[id]?.max ?? "enforce"), id).toBe(true);
});

describe.each(detections)("%s", (name, detection) => {
  const { match, ignore } = detection.examples;
  const facts = { now, tuning: defaultTuning, ...detection.examples.facts };

  test("is named after its file", () => {
    expect(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).toBe(detection.id);
  });

  test("declares what others rely on", () => {
    expect(detection.title).toMatch(/^[A-Z].*[^.]$/);
    expect(detection.attack.length).toBeGreaterThan(0);
    for (const technique of detection.attack) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/);
    expect(Severity.options).toContain(detection.severity);
    expect(Ceiling.options).toContain(detection.ceiling);
    const types: readonly string[] = IdentityEvent.options.map((option) => option.shape.type.value);
    for (const type of detection.on) expect(types).toContain(type);
    expect(detection.on.length).toBeGreaterThan(0);
  });

  test("names the patterns it finds as the catalogue does", () => {
    for (const pattern of detection.patterns) expect(pattern).toMatch(/^[A-F]\d+$/);
    expect(new Set(detection.patterns).size).toBe(detection.patterns.length);
  });

  test("tells a responder why, what to check, what else it may be, and how to tune it", () => {
    for (const text of Object.values(detection.guide)) {
      expect(text).toMatch(/^\S.*[.]$/s);
      expect(text.split(/\s+/).length).toBeGreaterThan(3);
    }
  });

  test("matches each example that it should, with readable evidence", () => {
    expect(match.length).toBeGreaterThan(0);
    for (const event of match) {
      checkExample(detection, event);
      const found = detection.evaluate(event, facts);
      expect(found, JSON.stringify(event)).not.toBeNull();
      expect(MatchDetails.parse(found?.details)).toEqual(found?.details);
      expect(found?.dedupeBy).not.toBe("");
    }
  });

  test("stays quiet on each example that it should ignore", () => {
    if (!ignoreNothing.has(detection.id)) expect(ignore.length).toBeGreaterThan(0);
    for (const event of ignore) {
      checkExample(detection, event);
      expect(detection.evaluate(event, facts), JSON.stringify(event)).toBeNull();
    }
  });
});

function checkExample(detection: Detection, event: EventOf<EventType>): void {
  expect(IdentityEvent.parse(event)).toEqual(event);
  expect(detection.on).toContain(event.type);
}
