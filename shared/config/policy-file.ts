/** Reads `policy.yaml`. One error lists everything that is wrong with it, each with its line. */
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { TerminalError } from "../domain/errors.ts";
import { Policy } from "../domain/policy.ts";
import { nearest } from "./nearest.ts";
import { type Problem, problemsOf } from "./policy-problems.ts";
import { policyJsonSchema } from "./policy-schema.ts";
import { readTierFile } from "./tier-file.ts";
import { parseYaml, type YamlSource } from "./yaml-source.ts";

/** The tenant id of the policy as shipped; no tenant has it. */
export const placeholderTenantId = "00000000-0000-0000-0000-000000000000";

/** A file of another kind is wrong in every line; a few say so. */
const mostProblems = 20;

/**
 * Reads the policy at `path`, and the tier file it names: its tier-0 objects join `protected.tier0`. Throws TerminalError
 * `policy-unreadable` or `policy-invalid`.
 */
export function loadPolicy(path: string): Policy {
  const text = textOf(
    path,
    `The policy file ${path} cannot be read. TOURNIQUET_POLICY_FILE names it; policy.yaml is the one shipped.`,
  );
  const policy = readPolicy(text, path);
  const { tierFile } = policy.protected;
  return tierFile === undefined
    ? policy
    : withTierFile(policy, isAbsolute(tierFile) ? tierFile : join(dirname(path), tierFile));
}

function textOf(path: string, message: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new TerminalError(message, { code: "policy-unreadable", cause });
  }
}

function withTierFile(policy: Policy, path: string): Policy {
  const message = `The tier file ${path} cannot be read. protected.tierFile names it, as seen from the policy file.`;
  const { tier0, problems } = readTierFile(textOf(path, message), path);
  if (problems.length === 0) {
    return { ...policy, protected: { ...policy.protected, tier0: [...policy.protected.tier0, ...tier0] } };
  }
  const shown = problems.slice(0, mostProblems).map((line) => `  ${line}`);
  const more = problems.length > shown.length ? [`  and ${problems.length - shown.length} more`] : [];
  throw new TerminalError(["The tier file cannot be used:", ...shown, ...more].join("\n"), { code: "policy-invalid" });
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
