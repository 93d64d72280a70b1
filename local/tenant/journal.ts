/** What judges read: every request, every change, everything the description does not allow. */
import type { Lane } from "./types.ts";

export interface RequestEntry {
  readonly at: number;
  readonly method: string;
  readonly version: string;
  readonly path: string;
  readonly lane: Lane;
  /** 0 when the connection was dropped instead of answered */
  readonly status: number;
  readonly inBatch: boolean;
  /** service principal id of the caller's token, or user id; null without a valid token */
  readonly by: string | null;
  readonly requestId: string;
  readonly clientRequestId: string | null;
  /** the scripted fault that shaped the answer */
  readonly fault: string | null;
}

export interface WriteEntry extends RequestEntry {
  readonly seq: number;
  /** by a token of our runtime identity */
  readonly ours: boolean;
  /** the tenant is different afterwards */
  readonly effective: boolean;
  /** field names only at the first level; secrets and keys are left out */
  readonly body: unknown;
}

export interface Violation {
  readonly at: number;
  readonly method: string;
  readonly version: string;
  readonly path: string;
  /** what the OpenAPI description does not allow */
  readonly reason: string;
  /** `response` means the twin itself is wrong */
  readonly side: "request" | "response";
}

export interface Journal {
  readonly requests: RequestEntry[];
  readonly writes: WriteEntry[];
  readonly violations: Violation[];
  request(entry: RequestEntry): void;
  write(entry: Omit<WriteEntry, "seq">): void;
  violation(entry: Violation): void;
}

export function createJournal(): Journal {
  const requests: RequestEntry[] = [];
  const writes: WriteEntry[] = [];
  const violations: Violation[] = [];
  return {
    requests,
    writes,
    violations,
    request: (entry) => void requests.push(entry),
    write: (entry) => void writes.push({ seq: writes.length + 1, ...entry }),
    violation: (entry) => void violations.push(entry),
  };
}

/** Counts requests by lane and status; both filters are optional. */
export function countRequests(
  journal: Journal,
  filter: { readonly lane?: Lane; readonly status?: number; readonly method?: string } = {},
): number {
  return journal.requests.filter(
    (entry) =>
      (filter.lane === undefined || entry.lane === filter.lane) &&
      (filter.status === undefined || entry.status === filter.status) &&
      (filter.method === undefined || entry.method === filter.method),
  ).length;
}
