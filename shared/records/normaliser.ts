/** The contract of `shared/records`: any JSON in; an event, a counted reason to ignore it, or a dead letter out. Never throws. */
import type { DeadLetter } from "../domain/dead-letter.ts";
import type { IdentityEvent } from "../domain/event.ts";

export type Normalised =
  | { readonly outcome: "event"; readonly event: IdentityEvent }
  /** a short code, counted: `category-not-read`, `activity-not-read`, `sign-in-not-needed`, `nothing-changed`, … */
  | { readonly outcome: "ignored"; readonly reason: string }
  | { readonly outcome: "dead-letter"; readonly letter: Omit<DeadLetter, "origin"> };
