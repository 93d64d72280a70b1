import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Detection } from "../../shared/detections/detection.ts";
import * as exported from "../../shared/detections/index.ts";
import { type EventOf, type EventType, IdentityEvent } from "../../shared/domain/event.ts";
import { MatchDetails, Severity } from "../../shared/domain/finding.ts";
import { Ceiling } from "../../shared/domain/mode.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";

const detections: readonly [string, Detection][] = Object.entries(exported);
const folder = new URL("../../shared/detections/", import.meta.url);
const now = Date.parse("2026-03-02T10:00:00Z");
/** None of their events is certain to be harmless. */
const ignoreNothing = new Set(["group-joined"]);

test("every file of the folder is exported, so none is forgotten", () => {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const ids = files
    .map((file) => file.name.replace(/\.ts$/, ""))
    .filter((name) => !["index", "detection"].includes(name));
  expect(detections.map(([, detection]) => detection.id).sort()).toEqual(ids.sort());
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
