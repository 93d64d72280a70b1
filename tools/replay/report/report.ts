/** What a replay answers. The same records give the same report, whatever they were exported as and in whatever order files came. */
import type { Verdict } from "./decision.ts";

export interface Counted {
  readonly name: string;
  readonly count: number;
}

export interface BadLines {
  readonly file: string;
  readonly count: number;
  /** the first ones; line 0: the file as a whole */
  readonly first: readonly { readonly line: number; readonly why: string }[];
}

export interface DeadLetters extends Counted {
  /** of the first one: where it lies, and what is wrong with it */
  readonly first: string;
}

export type ByVerdict = Readonly<Record<Verdict, number>>;

export interface Report {
  readonly tenant: { readonly id: string; readonly from: "policy" | "first record" | "nowhere" };
  readonly mode: { readonly replayed: string; readonly inPolicy: string };
  readonly files: number;
  readonly records: {
    readonly read: number;
    readonly outsideTime: number;
    readonly withoutTime: number;
    /** came more than an hour after newer ones of their file: taken at the newer ones' time */
    readonly late: number;
    readonly events: number;
    readonly ignored: readonly Counted[];
    readonly deadLetters: readonly DeadLetters[];
    readonly badLines: readonly BadLines[];
  };
  /** ISO 8601 UTC, of the first and the last record that was fed */
  readonly span: { readonly from: string; readonly to: string } | null;
  readonly findings: {
    readonly total: number;
    readonly duplicates: number;
    /** told to people, and nothing new was planned for them */
    readonly toldOnly: readonly Counted[];
    readonly byDay: readonly { readonly day: string; readonly detections: readonly Counted[] }[];
    readonly identities: readonly { readonly identity: string; readonly count: number }[];
  };
  readonly incidents: number;
  readonly plans: {
    readonly totals: ByVerdict;
    readonly byDay: readonly ({
      readonly day: string;
      readonly playbook: string;
      readonly stage: string;
    } & ByVerdict)[];
    readonly reasons: readonly { readonly verdict: Verdict; readonly reason: string; readonly count: number }[];
    /** guardrail → stages whose answer hangs on the tenant */
    readonly needsTenant: readonly Counted[];
  };
  /** what a replay cannot tell, one sentence each */
  readonly notes: readonly string[];
}
