/**
 * Reads one part of a scan, from where it was left to its end or to the end of this run. A page is kept first, then the cursor behind it; while
 * both are written the next page is on its way. Killed between the two, the next run reads that page again, in the same place.
 */
import { z } from "zod";
import { TerminalError } from "../../../domain/errors.ts";
import type { ApiAnswer, ApiFailure, ApiSuccess } from "../../../ports/tenant.ts";
import { type ScanHand, saveCurrent } from "./scan-hand.ts";
import { scanParts } from "./scan-parts.ts";
import { pagesName, type ScanInHand, ScanPart } from "./scan-state.ts";

/** `on`: this run goes on with whatever the scan is at now; `later`: the next run does; `lost`: another process does. */
export type PartRead = "on" | "later" | "lost";

/** What was kept of the tenant is gone after that, whatever became of the scan. */
export const keptMs = 14 * 24 * 3600_000;
/** Each a run of minutes in which Graph gave nothing. */
const mostSetbacks = 10;
const mostRounds = 5;

export async function readPart(hand: ScanHand, part: ScanPart, current: ScanInHand): Promise<PartRead> {
  if (!(await roundBegun(hand, part, current))) return "lost";
  const pages = pagesFrom(hand, part, current);
  let coming = pages.next();
  for (;;) {
    const { value: answer, done } = await coming;
    if (done === true) return endPart(hand, part, "no answer came");
    if (!answer.ok) return trouble(hand, part, answer);
    const next = nextLinkOf(answer.body);
    const goesOn = next !== null && hand.services.clock.now() < hand.endsAt;
    if (goesOn) coming = ahead(pages);
    // packing a page takes a while, in which nothing else could leave
    await hand.services.clock.sleep(0);
    const kept = await keepPage(hand, part, answer, next);
    if (kept !== "kept" || !goesOn) return kept !== "kept" ? kept : restOf(next);
  }
}

function restOf(next: string | null): PartRead {
  return next === null ? "on" : "later";
}

function pagesFrom({ services, endsAt }: ScanHand, part: ScanPart, { cursor }: ScanInHand): AsyncIterator<ApiAnswer> {
  const request = { ...scanParts[part].request, ...(cursor === null ? {} : { from: cursor }) };
  const deadlineAt = endsAt + services.limits.requestTimeoutMs;
  return services.tenant.pages(request, { deadlineAt, priority: "low" })[Symbol.asyncIterator]();
}

/** Whoever awaits it hears of what it throws. */
function ahead(pages: AsyncIterator<ApiAnswer>): Promise<IteratorResult<ApiAnswer>> {
  const coming = pages.next();
  coming.catch(() => undefined);
  return coming;
}

/** Its pages have a name before the first of them is kept. */
async function roundBegun(hand: ScanHand, part: ScanPart, { parts }: ScanInHand): Promise<boolean> {
  if (parts[part] !== undefined) return true;
  return saveCurrent(hand, (current) => ({ ...current, parts: { ...current.parts, [part]: { round: 1, pages: 0 } } }));
}

const Page = z.object({ value: z.array(z.unknown()) });

async function keepPage(
  hand: ScanHand,
  part: ScanPart,
  { body }: ApiSuccess,
  next: string | null,
): Promise<"kept" | PartRead> {
  const { current } = hand.state;
  if (current === null) return "lost";
  const rows = rowsOf(part, body);
  if (rows === null) return endPart(hand, part, "Graph answered in another shape than is known");
  const { stores, policy } = hand.services;
  const { pages = 0 } = current.parts[part] ?? {};
  const expiresAt = current.startedAt + keptMs;
  const name = pagesName(part, current);
  const put: PutPage = (page, some) =>
    stores.scans.putPage(policy.tenantId, current.scanId, name, page, some, expiresAt);
  const kept = await putSplit(put, pages, rows);
  if (typeof kept === "string") return endPart(hand, part, kept);
  const isSaved = await saveCurrent(hand, (now) => {
    const { round = 1, pages: before = 0 } = now.parts[part] ?? {};
    const read = { ...now, cursor: next, setbacks: 0, failure: null };
    const counted = { ...read, parts: { ...now.parts, [part]: { round, pages: before + kept } } };
    return next === null ? { ...counted, part: partAfter(part) } : counted;
  });
  return isSaved ? "kept" : "lost";
}

type PutPage = (page: number, rows: readonly unknown[]) => Promise<void>;

/** Puts what does not fit into one page into several, and answers how many; or why a single row does not fit. */
async function putSplit(put: PutPage, page: number, rows: readonly unknown[]): Promise<number | string> {
  try {
    await put(page, rows);
    return 1;
  } catch (error) {
    if (!(error instanceof TerminalError) || error.code !== "value-too-large") throw error;
    if (rows.length < 2) return "one of its rows is too large to be kept";
  }
  const half = Math.ceil(rows.length / 2);
  const first = await putSplit(put, page, rows.slice(0, half));
  if (typeof first === "string") return first;
  const second = await putSplit(put, page + first, rows.slice(half));
  return typeof second === "string" ? second : first + second;
}

/** Null: it is no list, or none of what stands in it, or not all where that is asked, can be read. */
function rowsOf(part: ScanPart, body: unknown): readonly unknown[] | null {
  const { data } = Page.safeParse(body);
  if (data === undefined) return null;
  const { row, whole }: { row(item: unknown): unknown; whole: boolean } = scanParts[part];
  const rows = data.value.map((item) => row(item)).filter((one) => one !== null);
  const unread = data.value.length - rows.length;
  return unread > 0 && (whole || rows.length === 0) ? null : rows;
}

async function trouble(hand: ScanHand, part: ScanPart, failure: ApiFailure): Promise<PartRead> {
  const { current } = hand.state;
  if (current === null) return "lost";
  const { clock, logger } = hand.services;
  const said = `${failure.code}${failure.status > 0 ? ` (${failure.status})` : ""}`;
  logger.warn("A page of the scan could not be read", { part, code: failure.code, status: failure.status });
  // not even sent: this run's time is over
  if (failure.code === "deadline" && failure.retryAfterMs === null) return "later";
  if (isCursorRefused(failure, current)) return beginAnew(hand, part, said);
  if (!failure.retryable) return endPart(hand, part, said);
  if (current.setbacks + 1 >= mostSetbacks) return endPart(hand, part, `${said}, again and again`);
  const notBefore = clock.now() + (failure.retryAfterMs ?? 0);
  const isSaved = await saveCurrent(hand, (now) => ({ ...now, setbacks: now.setbacks + 1, notBefore, failure: said }));
  return isSaved ? "later" : "lost";
}

/** A link expires, or belongs to a server that is no more. */
function isCursorRefused({ status, code }: ApiFailure, { cursor }: ScanInHand): boolean {
  return cursor !== null && (status === 400 || status === 410 || code === "wrong-host");
}

async function beginAnew(hand: ScanHand, part: ScanPart, said: string): Promise<PartRead> {
  const round = (hand.state.current?.parts[part]?.round ?? 1) + 1;
  if (round > mostRounds) {
    const why = `its next pages were refused ${mostRounds} times: ${said}`;
    return endPart(hand, part, why);
  }
  const anew = { round, pages: 0 };
  const isSaved = await saveCurrent(hand, (now) => ({
    ...now,
    cursor: null,
    failure: said,
    parts: { ...now.parts, [part]: anew },
  }));
  return isSaved ? "on" : "lost";
}

/** It is missing. */
async function endPart(hand: ScanHand, part: ScanPart, why: string): Promise<PartRead> {
  const isSaved = await saveCurrent(hand, (now) => ({
    ...now,
    part: partAfter(part),
    cursor: null,
    setbacks: 0,
    failure: null,
    missing: [...now.missing, { part, why }],
  }));
  return isSaved ? "on" : "lost";
}

function partAfter(part: ScanPart): ScanInHand["part"] {
  return ScanPart.options[ScanPart.options.indexOf(part) + 1] ?? "judging";
}

function nextLinkOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("@odata.nextLink" in body)) return null;
  const link = body["@odata.nextLink"];
  return typeof link === "string" && link !== "" ? link : null;
}
