/** The contract of a playbook: from a finding to the steps it calls for; pure. */
import { z } from "zod";
import type { Finding } from "../domain/finding.ts";
import type { IdentityKind } from "../domain/identity.ts";
import type { PlannedStep } from "../domain/plan.ts";
import type { ManagedIdentityFacts } from "../domain/snapshot.ts";

/** A step of the incident that changed something and can be taken back. */
export interface AppliedStep {
  readonly planId: string;
  readonly index: number;
  readonly action: string;
  readonly parameters: PlannedStep["parameters"];
}

/** What is known of the identity when a plan is made; ingest calls no Graph, so often nothing is. */
export interface Inventory {
  /** null: nobody has looked yet */
  readonly kind: IdentityKind | null;
  /** of a managed identity, once somebody has looked */
  readonly managedIdentity: ManagedIdentityFacts | null;
  /** has Microsoft verified who publishes it? null: nobody has looked, or there is no service principal */
  readonly publisherVerified: boolean | null;
  /** of the open incident, the newest first */
  readonly applied: readonly AppliedStep[];
  /** the policy's `deactivation.removeOwnersFirst` */
  readonly ownersFirst: boolean;
}

export const nothingKnown: Inventory = {
  kind: null,
  managedIdentity: null,
  publisherVerified: null,
  applied: [],
  ownersFirst: false,
};

export interface Playbook {
  /** the file's name */
  readonly id: string;
  readonly version: number;
  /** one sentence */
  readonly summary: string;
  /** detection ids */
  readonly handles: readonly string[];
  /** Only for these kinds; without it for every kind. Checked again when a stage begins. */
  readonly kinds?: readonly IdentityKind[];
  /** With `kinds`: planned before anybody has looked, since looking takes time, and cancelled when it turns out to be another kind. */
  readonly plannedUnseen?: true;
  /** May a person start it for an identity, without a finding of a detection? Then `plan` takes a finding about `manual`. */
  readonly manual: boolean;
  /** What the person must or may say besides, as the finding's `parameters`; with an example among its metadata. Without it: nothing. */
  readonly parameters?: z.ZodObject;
  /** the time after the evidence before anything starts, by the policy's name for it; null: at once */
  readonly settle: "addedCredentialMinutes" | "noticeDays" | null;
  /** No steps: this finding calls for nothing here, and `whyNot` says why. */
  plan(finding: Finding, inventory: Inventory): readonly PlannedStep[];
  whyNot?(finding: Finding): string | null;
}

/** Is it for this kind? */
export function fits({ kinds }: Playbook, kind: IdentityKind): boolean {
  return kinds === undefined || kinds.includes(kind);
}

const none = z.strictObject({});

/** What a person said, as the playbook takes it; or every part of it that does not fit. */
export function parametersFor(
  { parameters = none }: Playbook,
  said: unknown,
): z.ZodSafeParseResult<PlannedStep["parameters"]> {
  return parameters.safeParse(said);
}

/** The example among the metadata of the schema; of a playbook that takes nothing: nothing. */
export function exampleParameters({ parameters = none }: Playbook): PlannedStep["parameters"] {
  const [example = {}] = z.array(z.record(z.string(), z.unknown())).catch([]).parse(parameters.meta()?.examples);
  return example;
}
