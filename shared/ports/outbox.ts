/** What leaves the app: wake-ups for the writer, outcomes for the world, messages for people. */
import type { RetryableError, TerminalError } from "../domain/errors.ts";

/** Wakes the writer. Losing one is harmless (the sweep publishes what is due); a double finds its work done. */
export interface PlanQueue {
  publish(messages: readonly unknown[]): Promise<void>;
}

/** One thing that happened, for the `outcomes` hub and for people. JSON-safe; no secret, no raw record. */
export interface Notice {
  /** deterministic: the same thing told twice has the same id */
  readonly id: string;
  readonly tenantId: string;
  readonly at: string;
  /** `finding.created`, `stage.awaiting-approval`, `step.finished`, `identity.contained`, `stage.contradicted`, `stuck` … */
  readonly event: string;
  /** does a person have to hear of it now */
  readonly urgency: "page" | "chat" | "digest";
  readonly severity: "informational" | "low" | "medium" | "high" | "critical";
  /** one sentence, ids first, names quoted and last */
  readonly message: string;
  readonly identity: {
    readonly key: string;
    readonly appId: string | null;
    readonly servicePrincipalId: string | null;
  };
  readonly incidentId: string | null;
  readonly planId: string | null;
  /** object ids of people whom it is for, besides those who watch the channel: owners of what is to be retired */
  readonly recipients?: readonly string[];
  /** facts of the event, flat where possible */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Publishes notices as OCSF events to the `outcomes` hub. Throws RetryableError. */
export interface OutcomePublisher {
  publish(notices: readonly Notice[]): Promise<void>;
}

/** What a channel is told about one incident, or about one identity where there is none. */
export interface Telling {
  /** incident id, or identity key: one thread each */
  readonly thread: string;
  /** what this notifier answered for the thread before; null: it is new */
  readonly state: unknown;
  /** what is new, oldest first */
  readonly notices: readonly Notice[];
  /** how it stands now, for the head of the thread */
  readonly standing: Standing;
}

export interface Standing {
  readonly status: "open" | "contained" | "closed" | "none";
  readonly severity: Notice["severity"];
  readonly identity: Notice["identity"];
  readonly claimedName: string | null;
  /** what waits for a person, one phrase each */
  readonly waits: readonly string[];
}

/** One day of what paged nobody. */
export interface Digest {
  /** ISO 8601 UTC, from (inclusive) and to (exclusive) */
  readonly from: string;
  readonly to: string;
  /** event or detection → how often, most first */
  readonly counts: readonly { readonly what: string; readonly times: number }[];
  /** the gravest of them, at most 50, and how many there are */
  readonly notices: readonly Notice[];
  readonly total: number;
  readonly waiting: number;
  readonly deadLetters: number;
}

/** What came of telling: how far it got, so that nothing that was told is told again. */
export interface Said {
  /** of the thread, JSON-safe and small (a message id): the next call about it gets it */
  readonly state: unknown;
  /** ids of the notices that need not be told again */
  readonly told: readonly string[];
  /** why the others stay; null: there are none. After a TerminalError somebody has to mend something, so they are tried again rarely */
  readonly failure: RetryableError | TerminalError | null;
}

/** Tells people, over one channel. */
export interface Notifier {
  /** names the channel in rows and in the health answer: `teams`, `slack`, `webhook` */
  readonly id: string;
  /** What pages or chats goes out now; what is for the digest at most brings the head of a thread up to date. */
  tell(telling: Telling): Promise<Said>;
  /** Throws RetryableError or TerminalError; it is tried again then. */
  digest(digest: Digest): Promise<void>;
}
