/** What the mappings to the three OCSF classes share. */
import type { Notice } from "../ports/outbox.ts";

export interface OcsfValue {
  readonly id: number;
  readonly caption: string;
}

/** The part of an event that its class decides. */
export interface OcsfClassFields {
  readonly class_uid: number;
  readonly activity: OcsfValue;
  readonly status_id: number;
  readonly status: string;
  readonly [field: string]: unknown;
}

export const other: OcsfValue = { id: 99, caption: "Other" };

/** A fact of the notice, where it is text. */
export function textOf(notice: Notice, name: string): string | null {
  const value = notice.data[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/** What follows the first dot: `stage.awaiting-approval` → `awaiting-approval`. */
export function happened({ event }: Notice): string {
  return event.slice(event.indexOf(".") + 1);
}
