// A policy made of the shipped one by changing named values only, and what differs between two policies.
import { isDeepStrictEqual } from "node:util";
import { isNode, parse, parseDocument, stringify } from "yaml";

/** Dotted path in the policy → the value to write there. */
export type PolicyPatch = Readonly<Record<string, unknown>>;

export interface PolicyDifference {
  /** dotted */
  readonly path: string;
  /** undefined: not there */
  readonly before: unknown;
  readonly after: unknown;
}

/** Where a story may write lines that policy.yaml leaves out; the app's own check of the policy judges them. */
const OPEN = new Set(["detections", "riskEventTypes", "riskLevels", "protected", "trustedLocations"]);

/**
 * The same text with the values replaced where they stand; comments and order stay. A line that is not there is added below
 * `detections`, `riskEventTypes`, `riskLevels`, `protected` and `trustedLocations`.
 * @throws Error when the policy has no value at another path
 */
export function patchPolicy(text: string, patch: PolicyPatch): string {
  const document = parseDocument(text);
  const added = Object.entries(patch).filter(([path]) => !document.hasIn(path.split(".")) && isOpen(path));
  const edits = Object.entries(patch).flatMap(([path, value]) => {
    if (added.some(([one]) => one === path)) return [];
    const node = document.getIn(path.split("."), true);
    const range = isNode(node) ? node.range : null;
    if (!range) throw new Error(`The policy has no "${path}" to change; name a value that policy.yaml writes out.`);
    return [{ from: range[0], to: range[1], value: written(value) }];
  });
  const backwards = edits.sort((a, b) => b.from - a.from);
  const edited = backwards.reduce((all, { from, to, value }) => all.slice(0, from) + value + all.slice(to), text);
  return added.length === 0 ? edited : withLines(edited, added);
}

function isOpen(path: string): boolean {
  const [section = "", ...rest] = path.split(".");
  return OPEN.has(section) && rest.length > 0;
}

function withLines(text: string, lines: readonly (readonly [path: string, value: unknown])[]): string {
  const document = parseDocument(text);
  for (const [path, value] of lines) document.setIn(path.split("."), value);
  return document.toString({ lineWidth: 0 });
}

/** One line whatever it is, so that it may stand where any other value stood. */
function written(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : stringify(value).trimEnd();
}

/** Every leaf that differs, in the order of the first text; a list is one leaf. */
export function policyDifferences(before: string, after: string): PolicyDifference[] {
  const left = leavesOf(parse(before));
  const right = leavesOf(parse(after));
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths]
    .map((path) => ({ path, before: left.get(path), after: right.get(path) }))
    .filter((leaf) => !isDeepStrictEqual(leaf.before, leaf.after));
}

function leavesOf(value: unknown, at = ""): Map<string, unknown> {
  const isBranch = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isBranch) return new Map([[at, value]]);
  const below = Object.entries(value).flatMap(([key, one]) => [...leavesOf(one, at === "" ? key : `${at}.${key}`)]);
  return new Map(below);
}
