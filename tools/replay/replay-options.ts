/** What a replay is asked for. */
import type { Mode } from "../../shared/domain/mode.ts";
import type { Policy } from "../../shared/domain/policy.ts";

export interface ReplayOptions {
  readonly policy: Policy;
  /** in place of the policy's own, which on day one only observes; `enforce` without it */
  readonly mode?: Mode;
  /** epoch ms, inclusive, of the records' own time */
  readonly from?: number | null;
  /** epoch ms, exclusive */
  readonly to?: number | null;
  /** enabled ones that are not Microsoft's: what the percentage of the blast radius is of; null: not known */
  readonly servicePrincipals?: number | null;
  /** so many bytes more were read */
  readonly progress?: (bytes: number) => void;
}
