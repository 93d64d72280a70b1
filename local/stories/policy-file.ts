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

/**
 * The same text with the values replaced where they stand; comments and order stay.
 * @throws Error when the policy has no value at a path
 */
export function patchPolicy(text: string, patch: PolicyPatch): string {
  const document = parseDocument(text);
  const edits = Object.entries(patch).map(([path, value]) => {
    const node = document.getIn(path.split("."), true);
    const range = isNode(node) ? node.range : null;
    if (!range) throw new Error(`The policy has no "${path}" to change; name a value that policy.yaml writes out.`);
    return { from: range[0], to: range[1], value: written(value) };
  });
  const backwards = edits.sort((a, b) => b.from - a.from);
  return backwards.reduce((all, { from, to, value }) => all.slice(0, from) + value + all.slice(to), text);
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
