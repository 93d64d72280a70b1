/** The page of detections: complete, fresh, without gaps that a reader would trip over. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPolicy } from "../../shared/config/policy-file.ts";
import { detections, playbooks } from "../../shared/engine/registry.ts";
import { detectionsText } from "../../tools/detections-doc/text.ts";

const shipped = readPolicy(readFileSync("policy.yaml", "utf8"), "policy.yaml");
const text = detectionsText(detections, playbooks, shipped);
const chapters = new Map(text.split("\n## ").map((chapter) => [chapter.split("\n", 1)[0] ?? "", chapter]));

test("the committed page is the one the detections and the shipped policy make", () => {
  expect(readFileSync("docs/detections.md", "utf8")).toBe(text);
});

test("every detection has a chapter that says why, what to check, what else looks like it and how to tune it", () => {
  for (const { id, guide } of detections.values()) {
    const chapter = chapters.get(id) ?? "";
    for (const part of [guide.why, guide.check, guide.falsePositives, guide.tune]) expect(chapter, id).toContain(part);
  }
});

test("every chapter shows an event that is found", () => {
  for (const { id } of detections.values()) expect(chapters.get(id), id).toContain("```json");
});

test("a technique is linked where MITRE keeps it", () => {
  expect(text).toContain("[T1098.001](https://attack.mitre.org/techniques/T1098/001/)");
});

test("nothing is left unsaid by accident, and no path of this machine is shown", () => {
  expect(text).not.toMatch(/undefined|\[object Object\]|NaN/);
  expect(text).not.toContain(process.cwd());
});
