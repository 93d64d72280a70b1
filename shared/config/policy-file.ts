/** Reads `policy.yaml`. One error lists everything that is wrong with it, each with its line. */
import { readFileSync } from "node:fs";
import { TerminalError } from "../domain/errors.ts";
import { Policy } from "../domain/policy.ts";
import { nearest } from "./nearest.ts";
import { type Problem, problemsOf } from "./policy-problems.ts";
import { policyJsonSchema } from "./policy-schema.ts";
import { parseYaml, type YamlSource } from "./yaml-source.ts";

/** The tenant id of the policy as shipped; no tenant has it. */
export const placeholderTenantId = "00000000-0000-0000-0000-000000000000";

/** Reads the policy at `path`. Throws TerminalError `policy-unreadable` or `policy-invalid`. */
export function loadPolicy(path: string): Policy {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const message = `The policy file ${path} cannot be read. TOURNIQUET_POLICY_FILE names it; policy.yaml is the one shipped.`;
    throw new TerminalError(message, { code: "policy-unreadable", cause });
  }
  return readPolicy(text, path);
}

/**
 * Reads a policy from YAML text; `fileName` is only shown. Throws one TerminalError `policy-invalid` whose message has a line
 * `file:line:column path: what is there; what was expected` for every mistake.
 */
export function readPolicy(text: string, fileName: string): Policy {
  const source = parseYaml(text);
  const parsed = Policy.safeParse(source.value, { reportInput: true });
  if (parsed.success && source.syntaxErrors.length === 0) return parsed.data;
  const problems = allProblems(source, parsed.error?.issues ?? []).sort(byPlace);
  const lines = problems.map(({ place, text }) => `  ${fileName}:${place.line}:${place.column} ${text}`);
  const count = lines.length === 1 ? "1 mistake" : `${lines.length} mistakes`;
  throw new TerminalError([`The policy has ${count}:`, ...lines].join("\n"), { code: "policy-invalid" });
}

/** After a syntax error, what seems to be missing may only be out of place: said again, if true, once the syntax is mended. */
function allProblems(source: YamlSource, issues: Parameters<typeof problemsOf>[0]): Problem[] {
  const syntax = source.syntaxErrors.map(({ place, text }) => ({
    place,
    text: `no valid YAML: ${text}`,
    missing: false,
  }));
  if (source.value === undefined) return syntax;
  const problems = problemsOf(issues, source, policyJsonSchema());
  return syntax.length === 0 ? problems : [...syntax, ...problems.filter(({ missing }) => !missing)];
}

function byPlace(a: Problem, b: Problem): number {
  return a.place.line - b.place.line || a.place.column - b.place.column;
}

/** What only the app can see in a valid policy: lines for detections it does not have, and a tenant id nobody filled in. */
export function checkPolicyAgainst(policy: Policy, detectionIds: readonly string[]): string[] {
  const unknown = Object.keys(policy.detections).filter((id) => !detectionIds.includes(id));
  const problems = unknown.map((id) => {
    const guess = nearest(id, detectionIds);
    const hint = guess === null ? "" : ` did you mean \`${guess}\`?`;
    return `detections.${id}: there is no such detection;${hint} known: ${detectionIds.join(", ")}`;
  });
  if (policy.tenantId === placeholderTenantId) {
    problems.unshift(
      "tenantId: still the placeholder, so that every record is another tenant's; write your tenant's id",
    );
  }
  return problems;
}
