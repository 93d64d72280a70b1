/** Reservations as short tuples: a thousand of them stay far below the limit of a row. */
import { z } from "zod";
import type { Reservation } from "../ports/stores.ts";

/** 1: of a young identity, 2: of a kept place, 0: neither. */
const Tuples = z.array(
  z.tuple([z.string(), z.string(), z.number(), z.union([z.literal(0), z.literal(1), z.literal(2)])]),
);

export function encodeReservations(held: readonly Reservation[]): unknown {
  return held.map((one) => [one.planId, one.playbook, one.at, one.kept === true ? 2 : one.fresh ? 1 : 0]);
}

export function decodeReservations(stored: unknown): readonly Reservation[] {
  return Tuples.parse(stored).map(([planId, playbook, at, bucket]) => {
    const reservation = { planId, playbook, at, fresh: bucket === 1 };
    return bucket === 2 ? { ...reservation, kept: true } : reservation;
  });
}
