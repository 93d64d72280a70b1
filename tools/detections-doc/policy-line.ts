/** What the policy's `detections:` says for one of them. */
import type { Line, Policy } from "../../shared/domain/policy.ts";

/** A detection without a line observes. */
export function lineOf({ detections }: Policy, id: string): Line {
  return detections[id] ?? { max: "observe", require: [] };
}

/** In words: `approve`, or `enforce, if high-risk`. */
export function lineText({ max, require }: Line): string {
  return require.length === 0 ? max : `${max}, if ${require.join(" and ")}`;
}
