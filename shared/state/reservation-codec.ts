/** Reservations as short tuples: a thousand of them stay far below the limit of a row. */
import { z } from "zod";
import type { Reservation } from "../ports/stores.ts";

const Tuples = z.array(z.tuple([z.string(), z.string(), z.number(), z.union([z.literal(0), z.literal(1)])]));

export function encodeReservations(held: readonly Reservation[]): unknown {
  return held.map((one) => [one.planId, one.playbook, one.at, one.fresh ? 1 : 0]);
}

export function decodeReservations(stored: unknown): readonly Reservation[] {
  return Tuples.parse(stored).map(([planId, playbook, at, fresh]) => ({ planId, playbook, at, fresh: fresh === 1 }));
}
