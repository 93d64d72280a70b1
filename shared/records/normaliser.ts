/** The contract of `shared/records`: any JSON in; an event, a counted reason to ignore it, or a dead letter out. Never throws. */
import type { DeadLetter } from "../domain/dead-letter.ts";
import type { IdentityEvent } from "../domain/event.ts";

export type Letter = Omit<DeadLetter, "origin">;

export type Normalised =
  | {
      readonly outcome: "event";
      readonly event: IdentityEvent;
      /** one update may change several things at once */
      readonly more?: readonly IdentityEvent[];
      /** what else it says, and cannot be read */
      readonly letters?: readonly Letter[];
    }
  /** a short code, counted: `category-not-read`, `activity-not-read`, `nothing-changed`, … */
  | { readonly outcome: "ignored"; readonly reason: string }
  | { readonly outcome: "dead-letter"; readonly letter: Letter };
