/** One event that a detection finds, and one near miss that it does not, shortened to what decides. */
import { isDeepStrictEqual } from "node:util";
import type { Detection } from "../../shared/detections/detection.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";
import { blocks, json } from "../catalog/markdown.ts";
import { excerpt } from "./excerpt.ts";

const factsInWords: Readonly<Record<string, string>> = {
  tuning: "thresholds of the policy",
  createdAt: "when the object was created",
  containment: "our own disable that stands",
  baseline: "what is usual for the identity",
  actorBaseline: "what is usual for the actor",
  trusted: "where it may sign in from",
};

export function exampleText(detection: Detection): string {
  const [match] = detection.examples.match;
  if (match === undefined) return "";
  return blocks(
    `**Found**, for example${besides(detection)}, as “${titleOf(detection, match)}”:`,
    json(excerpt(match)),
    nearMiss(detection, match),
  );
}

function nearMiss({ examples }: Detection, match: IdentityEvent): string {
  const [ignored] = examples.ignore;
  if (ignored === undefined) return "";
  if (ignored.type !== match.type) return blocks("**Not found**, as it is another thing:", json(excerpt(ignored)));
  const differing = Object.entries(excerpt(ignored)).filter(
    ([key, value]) => !isDeepStrictEqual(value, excerpt(match)[key]),
  );
  if (differing.length === 0) return "";
  return blocks("**Not found**, being otherwise the same:", json(Object.fromEntries(differing)));
}

function besides({ examples }: Detection): string {
  const known = Object.keys(examples.facts ?? {}).map((fact) => factsInWords[fact] ?? fact);
  return known.length === 0 ? "" : `, and with ${known.join(" and ")} known`;
}

/** The clock is the example's own, so that the same sources make the same page. */
function titleOf(detection: Detection, event: IdentityEvent): string {
  const facts = { now: Date.parse(event.occurredAt), tuning: defaultTuning, ...detection.examples.facts };
  return detection.evaluate(event, facts)?.title ?? detection.title;
}
