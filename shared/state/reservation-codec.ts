/** Reservations as short tuples: a thousand of them stay far below the limit of a row. */
import { z } from "zod";
import type { Reservation, RetireAct } from "../ports/stores.ts";

/** 1: of a young identity, 2: of a kept place, 0: neither; from 3 on of what retires. */
const firstRetire = 3;
const retireActs: readonly RetireAct[] = ["begun", "disabled", "deleted"];
const Bucket = z
  .int()
  .min(0)
  .max(firstRetire + retireActs.length - 1);
const Tuples = z.array(z.tuple([z.string(), z.string(), z.number(), Bucket]));

function bucketOf({ retire, kept, fresh }: Reservation): number {
  if (retire !== undefined) return firstRetire + retireActs.indexOf(retire);
  return kept === true ? 2 : fresh ? 1 : 0;
}

export function encodeReservations(held: readonly Reservation[]): unknown {
  return held.map((one) => [one.planId, one.playbook, one.at, bucketOf(one)]);
}

export function decodeReservations(stored: unknown): readonly Reservation[] {
  return Tuples.parse(stored).map(([planId, playbook, at, bucket]) => {
    const reservation = { planId, playbook, at, fresh: bucket === 1 };
    const retire = retireActs[bucket - firstRetire];
    if (retire !== undefined) return { ...reservation, retire };
    return bucket === 2 ? { ...reservation, kept: true } : reservation;
  });
}
