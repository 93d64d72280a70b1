/** The policy that a tool is told to look at, checked as the app checks it. */
import { checkPolicyAgainst, loadPolicy } from "../../shared/config/policy-file.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { detections } from "../../shared/engine/registry.ts";

/** Throws TerminalError naming every mistake. */
export function policyOf(path = "policy.yaml"): Policy {
  const policy = loadPolicy(path);
  const problems = checkPolicyAgainst(policy, [...detections.keys()]);
  if (problems.length === 0) return policy;
  const lines = problems.map((line) => `  ${line}`);
  throw new TerminalError([`The policy ${path} cannot be used:`, ...lines].join("\n"), { code: "policy-invalid" });
}
