/**
 * The contract of a guardrail: may this stage run? All must pass; the engine treats one that throws as `refuse`. An undo never comes
 * here: a person asked for it by name (engine/decide-undo.ts).
 */
import type { Finding } from "../domain/finding.ts";
import type { IdentityRef } from "../domain/identity.ts";
import type { Ceiling } from "../domain/mode.ts";
import type { PlannedStep, StageName } from "../domain/plan.ts";
import type { Policy } from "../domain/policy.ts";
import type { ModeOverride } from "../domain/settings.ts";
import type { IdentityFacts, KeyCredential } from "../domain/snapshot.ts";
import type { DependencyReading } from "../ports/stores.ts";
import type { OwnIdentity } from "../ports/tenant.ts";

export type Verdict =
  | { readonly verdict: "pass" }
  /** a person may decide it: a valid approval answers it; of two different people where one may not alone */
  | { readonly verdict: "ask"; readonly reason: string; readonly people?: 1 | 2 }
  /** nothing is written; recorded as what would have been done */
  | { readonly verdict: "observe"; readonly reason: string }
  /** it is not the time: looked at again at `until` (epoch ms); what a person approves need not wait */
  | { readonly verdict: "wait"; readonly reason: string; readonly until: number }
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
  /** one sentence: by what it was withdrawn, where it is more than a word of Graph's */
  readonly because?: string;
  /** every leaked credential is gone, and nothing was added since */
  readonly remediated?: boolean;
  /** playbooks whose eradicate stage the policy's line for it lets run without a person */
  readonly unattended?: readonly string[];
}

export interface StoppedBy {
  readonly reason: string;
}

/** One actor whose findings come in such numbers that they may be bait. */
export interface ActorBurst {
  readonly actorId: string;
  readonly findings: number;
}

/** Our own disable of an identity that none of our undos took back. */
export interface StandingDisable {
  /** ISO 8601 UTC */
  readonly appliedAt: string;
  /** disables of it without a person in the last 30 days */
  readonly automatic: number;
}

export interface GuardrailSubject {
  readonly now: number;
  readonly playbook: string;
  /** as the signed plan says that a person asked; null: nobody did */
  readonly askedMode: "observe" | "approve" | null;
  readonly stage: StageName;
  /** it runs: a part of it may be done */
  readonly begun: boolean;
  readonly steps: readonly PlannedStep[];
  readonly facts: IdentityFacts;
  /** every finding of the incident, weighed; the most permissive decides */
  readonly findings: readonly WeighedFinding[];
  /** ids of those findings that the plan was made for */
  readonly plannedFor: readonly string[];
  readonly policy: Policy;
  /** our own runtime identity; null: could not be learned */
  readonly self: OwnIdentity | null;
  /** some step changes what other tenants see of a home application that they use */
  readonly reachesOtherTenants: boolean;
  /** some step does what cannot be taken back */
  readonly irreversible: boolean;
  /** readings of the dependency cache, newest first; null: could not be read */
  readonly dependencies: readonly DependencyReading[] | null;
  readonly killSwitch: StoppedBy | null;
  /** the most that people let the playbook do at run time; null: nobody said anything */
  readonly modeOverride: ModeOverride | null;
  /** object ids of the agents that a disable of a blueprint switches off with it; null: they could not be read */
  readonly agents: readonly string[] | null;
  /** by another plan, in the last 30 days; null: there is none */
  readonly standing: StandingDisable | null;
  /** of what retires: what else its incident is about, one phrase; null: nothing */
  readonly otherBusiness: string | null;
  /** ISO 8601 UTC of the newest refused sign-in since we disabled what nobody used; null: none is known */
  readonly signOfLifeAt: string | null;
  /** people took back so many of our disables that the policy's breaker lowers the mode */
  readonly breaker: StoppedBy | null;
  /** an actor of the incident's findings, other than the identity itself, that is behind many */
  readonly burst: ActorBurst | null;
  /** what people protected at run time: can only add to the policy file; null: its row was altered or cannot be read */
  readonly protections: Protections | null;
  /** values of the policy's protecting attribute; empty: it has none, or no attribute is configured; null: unreadable */
  readonly protectingValues: readonly string[] | null;
  /** `action: permission` of required steps that our token lacks; empty when the token does not say */
  readonly missingPermissions: readonly string[];
  /** certificates of both objects, where a step needs them; undefined: not read */
  readonly keys: readonly KeyCredential[] | undefined;
  /** nobody answered the question of this stage in time, and the policy lets silence contain */
  readonly silent: boolean;
  /** null: not asked yet, the other guardrails come first */
  readonly reservation: Place | null;
}

/** A place in a window that is counted, or none: how many hold one, in words; and where waiting helps, when the next is free. */
export interface Place {
  readonly reserved: boolean;
  readonly held: string;
  /** epoch ms */
  readonly freeAt?: number;
}

export interface Protections {
  readonly never: readonly string[];
  readonly ask: readonly string[];
}

export interface Guardrail {
  /** the file's name */
  readonly id: string;
  /** one sentence: what it keeps from happening */
  readonly title: string;
  check(subject: GuardrailSubject): Verdict;
}

export const pass: Verdict = { verdict: "pass" };

/** Actions that turn an identity off, each with an action that takes it back. */
const offSwitches: ReadonlySet<string> = new Set([
  "disable-service-principal",
  "disable-agent",
  "deactivate-application",
]);

/** Does the stage turn the identity off? */
export function disables({ steps }: Pick<GuardrailSubject, "steps">): boolean {
  return steps.some((step) => step.undoes === null && offSwitches.has(step.action));
}

/** The ids Graph gives for it, of both objects and the appId: never a name. */
export function idsOf({ appId, servicePrincipalId, applicationObjectId }: IdentityRef): readonly string[] {
  return [appId, servicePrincipalId, applicationObjectId].filter((id) => id !== null);
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
