/** What the benchmarks may ask of the process that plays Azure. */

/** What the app is given as its environment: everything Azure, on this machine. */
export interface Stage {
  readonly env: Readonly<Record<string, string>>;
  readonly tenantId: string;
  readonly graphUrl: string;
  /** where the policy differs from the shipped one, for printing */
  readonly policyPatch: Readonly<Record<string, unknown>>;
}

/** An unused home application with one leaked password: exactly what the shipped policy lets a rule disable. */
export interface Victim {
  /** object id of the service principal */
  readonly id: string;
  readonly appId: string;
  readonly keyId: string;
}

export interface TenantSize {
  readonly servicePrincipals: number;
  readonly applications: number;
}

/** Answers travel as JSON. */
export interface Backdrop {
  stage(): Stage;
  addVictims(count: number, footholds?: "none" | "many"): readonly Victim[];
  /** A big tenant with a life behind it; once. */
  fillTenant(size: TenantSize): void;
  /** From now on every Graph call takes that long, at least. */
  answerAfter(ms: number): void;
  /** Entra sees the leak; the detection's log record as it lies in the hub, envelope and all. */
  raiseRisk(victims: readonly Victim[]): readonly unknown[];
  /** epoch ms at which the twin took the first change of that service principal; null: none yet */
  firstWriteAt(servicePrincipalId: string): number | null;
  /** From now on the documented buckets count, empty at first, and so do the requests. */
  startQuotas(): void;
  /** since `startQuotas`, or from the start */
  traffic(): Traffic;
}

/** What Graph saw of the app: inner requests of a batch one by one. */
export interface Traffic {
  readonly requests: number;
  readonly throttled: number;
}

export type Ask<Name extends keyof Backdrop = keyof Backdrop> = {
  readonly call: number;
  readonly name: Name;
  readonly given: Parameters<Backdrop[Name]>;
};

export type Reply =
  | { readonly call: number; readonly ok: true; readonly value: unknown }
  | { readonly call: number; readonly ok: false; readonly message: string };

/** Caps that a burst of victims would meet; the rest of the shipped policy stays. */
export const raisedCaps = {
  "blastRadius.perHour": 1_000_000,
  "blastRadius.perDay": 1_000_000,
  "blastRadius.percent": 100,
  "blastRadius.perPlaybookPerHour": 1_000_000,
} as const;

/** As a responder would set it who wants no question asked: what a burst leaves is eradicated without a person. */
export const unattended = { ...raisedCaps, "stages.eradicate": "enforce" } as const;
