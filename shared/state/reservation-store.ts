/**
 * The blast radius window: one row a tenant in the table `reservations`, replaced by ETag. While a write is in flight, calls
 * of this process queue up; then all of them are judged in order against the current list and written once.
 */
import type { TableClient } from "@azure/data-tables";
import type { Clock } from "../ports/clock.ts";
import type { Reservation, ReservationStore } from "../ports/stores.ts";
import { encodeKey } from "./keys.ts";
import { decodeReservations, encodeReservations } from "./reservation-codec.ts";
import { contended, maxAttempts, type RowAddress, readVersion, writeVersion } from "./versioned-row.ts";

const windowMs = 24 * 3_600_000;

type Held = readonly Reservation[];
type Reserved = Awaited<ReturnType<ReservationStore["reserve"]>>;

/** Judges one call against the list: the list after it, and how to answer once that list is stored. */
interface Call {
  judge(held: Held): { readonly held: Held; readonly answer: () => void };
  fail(error: unknown): void;
}

interface Window {
  readonly address: RowAddress;
  readonly waiting: Call[];
  busy: boolean;
  /** what we wrote last; only an optimistic first guess */
  known: { readonly held: Held; readonly etag: string | null } | null;
}

export function createReservationStore(client: TableClient, clock: Clock): ReservationStore {
  const windows = new Map<string, Window>();
  function enter<T>(tenantId: string, judge: (held: Held) => { held: Held; result: T }): Promise<T> {
    const window = windows.get(tenantId) ?? newWindow(client, tenantId);
    windows.set(tenantId, window);
    return new Promise<T>((resolve, reject) => {
      window.waiting.push({ judge: (held) => withAnswer(judge(held), resolve), fail: reject });
      if (!window.busy) void work(window, clock);
    });
  }
  return {
    reserve: (tenantId, wanted, fits) => enter(tenantId, (held) => judgeReserve(held, wanted, fits)),
    release: (tenantId, planId) =>
      enter(tenantId, (held) => ({ held: held.filter((one) => one.planId !== planId), result: undefined })),
  };
}

function newWindow(client: TableClient, tenantId: string): Window {
  const address = { client, partitionKey: encodeKey(tenantId), rowKey: "window" };
  return { address, waiting: [], busy: false, known: null };
}

function withAnswer<T>(
  judged: { held: Held; result: T },
  resolve: (result: T) => void,
): { held: Held; answer: () => void } {
  return { held: judged.held, answer: () => resolve(judged.result) };
}

/** `held` in the answer is the list after the decision. */
function judgeReserve(
  held: Held,
  wanted: Reservation,
  fits: (held: Held) => boolean,
): { held: Held; result: Reserved } {
  if (held.some((one) => one.planId === wanted.planId)) return { held, result: { reserved: true, held } };
  if (!fits(held)) return { held, result: { reserved: false, held } };
  const more = [...held, wanted];
  return { held: more, result: { reserved: true, held: more } };
}

async function work(window: Window, clock: Clock): Promise<void> {
  window.busy = true;
  while (window.waiting.length > 0) {
    const calls = window.waiting.splice(0);
    try {
      const answers = await settle(window, calls, clock);
      for (const answer of answers) answer();
    } catch (error) {
      window.known = null;
      for (const call of calls) call.fail(error);
    }
  }
  window.busy = false;
}

/** A guess from memory may be written (the ETag judges it), but never answered from: a refusal needs the stored list. */
async function settle(window: Window, calls: readonly Call[], clock: Clock): Promise<readonly (() => void)[]> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const guess = attempt === 0 ? window.known : null;
    const current = guess ?? (await readHeld(window.address));
    const before = current.held.filter((one) => one.at > clock.now() - windowMs);
    const judged = judgeAll(before, calls);
    if (judged.held === before) {
      if (guess !== null) continue;
      window.known = current;
      return judged.answers;
    }
    const etag = await writeVersion(window.address, current.etag, encodeReservations(judged.held));
    if (etag === null) continue;
    window.known = { held: judged.held, etag };
    return judged.answers;
  }
  throw contended(window.address);
}

function judgeAll(
  before: Held,
  calls: readonly Call[],
): { readonly held: Held; readonly answers: readonly (() => void)[] } {
  let held = before;
  const answers: (() => void)[] = [];
  for (const call of calls) {
    try {
      const judged = call.judge(held);
      if (judged.held.length !== held.length) held = judged.held;
      answers.push(judged.answer);
    } catch (error) {
      answers.push(() => call.fail(error));
    }
  }
  return { held, answers };
}

async function readHeld(address: RowAddress): Promise<{ readonly held: Held; readonly etag: string | null }> {
  const { value, etag } = await readVersion(address);
  return { held: etag === null ? [] : decodeReservations(value), etag };
}
