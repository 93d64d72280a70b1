/** What is happening to one identity: at most one open incident at a time; a closed one never reopens. */
import { z } from "zod";
import { Severity } from "./finding.ts";
import { IdentityRef } from "./identity.ts";

export const Incident = z.object({
  /** hash(identity key, opening finding) */
  id: z.string(),
  identity: IdentityRef,
  severity: Severity,
  status: z.enum(["open", "closed"]),
  openedAt: z.string(),
  /** the plan's ordinal that comes next */
  nextOrdinal: z.number().int(),
  closedAt: z.string().nullable(),
  closedBecause: z.string().nullable(),
});
export type Incident = z.infer<typeof Incident>;
