/** What asking for the evidence of a finding answers. */
import type { RiskDetectionRecord } from "./risk-detections.ts";

export interface Evidence {
  /** null: Graph could not be asked, or its copy may only be late */
  readonly borneOut: boolean | null;
  readonly withdrawn: boolean;
  /** of a risk that Graph shows as dismissed by a workload or an actor of the incident, which withdraws nothing */
  readonly dismissedBy?: string;
  /** one sentence: by what it was withdrawn, or why nobody can tell, where it is about disuse */
  readonly because?: string;
  /** ISO 8601 UTC, from Graph's copy where there is one: a replayed record cannot make itself younger */
  readonly at: string;
  /** Graph's words, where they replace the record's */
  readonly risk: RiskDetectionRecord | null;
  /** why a person has to decide, although it is borne out */
  readonly asks?: string;
}
