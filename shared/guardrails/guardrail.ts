/** The contract of a guardrail: may this stage run? All must pass; the engine treats one that throws as `refuse`. */
import type { Finding } from "../domain/finding.ts";
import type { Ceiling } from "../domain/mode.ts";
import type { PlannedStep, StageName } from "../domain/plan.ts";
import type { Policy } from "../domain/policy.ts";
import type { IdentityFacts, KeyCredential } from "../domain/snapshot.ts";
import type { DependencyReading } from "../ports/stores.ts";
import type { OwnIdentity } from "../ports/tenant.ts";

export type Verdict =
  | { readonly verdict: "pass" }
  /** a person may decide it: a valid approval answers it; of two different people where one may not alone */
  | { readonly verdict: "ask"; readonly reason: string; readonly people?: 1 | 2 }
  /** nothing is written; recorded as what would have been done */
  | { readonly verdict: "observe"; readonly reason: string }
  /** not known yet: looked at again later; when it stays unknown, a person is asked at last, or nobody may */
  | { readonly verdict: "defer"; readonly reason: string; readonly lastly: "ask" | "refuse" }
  /** nobody may */
  | { readonly verdict: "refuse"; readonly reason: string };

/** How far one finding permits to go, and why not further. */
export interface WeighedFinding {
  readonly finding: Finding;
  readonly mode: Ceiling;
  readonly limits: readonly string[];
  /** Graph's own copy of the record was found and agrees; null: it could not be asked */
  readonly borneOut: boolean | null;
  /** Graph says it was dismissed or is gone */
  readonly withdrawn: boolean;
}

export interface StoppedBy {
  readonly reason: string;
}

export interface GuardrailSubject {
  readonly now: number;
  readonly stage: StageName;
  readonly steps: readonly PlannedStep[];
  readonly facts: IdentityFacts;
  /** every finding of the incident, weighed; the most permissive decides */
  readonly findings: readonly WeighedFinding[];
  readonly policy: Policy;
  /** our own runtime identity; null: could not be learned */
  readonly self: OwnIdentity | null;
  /** some step changes what other tenants see of a home application that they use */
  readonly reachesOtherTenants: boolean;
  /** readings of the dependency cache, newest first; null: could not be read */
  readonly dependencies: readonly DependencyReading[] | null;
  readonly killSwitch: StoppedBy | null;
  /** certificates of both objects, where a step needs them; undefined: not read */
  readonly keys: readonly KeyCredential[] | undefined;
  /** null: not asked yet, the other guardrails come first */
  readonly reservation: { readonly reserved: boolean; readonly held: string } | null;
}

export interface Guardrail {
  /** the file's name */
  readonly id: string;
  /** one sentence: what it keeps from happening */
  readonly title: string;
  check(subject: GuardrailSubject): Verdict;
}

export const pass: Verdict = { verdict: "pass" };

/** Does the stage turn the identity off? */
export function disables(subject: GuardrailSubject): boolean {
  return subject.steps.some((step) => step.action === "disable-service-principal");
}

/** keyIds that the stage's steps name, or `all`, or none. */
export function removesKeys(subject: GuardrailSubject): "all" | readonly string[] {
  const wanted = subject.steps.flatMap((step) => {
    const { keyIds } = step.parameters;
    return keyIds === "all" || Array.isArray(keyIds) ? [keyIds] : [];
  });
  if (wanted.includes("all")) return "all";
  return wanted.flat().filter((keyId): keyId is string => typeof keyId === "string");
}
