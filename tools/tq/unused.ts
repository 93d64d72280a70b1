/** `unused list|show|keep|hold|release|restore`. */
import type { z } from "zod";
import {
  getUnused,
  holdUnused,
  keepUnused,
  listUnused,
  releaseUnused,
  restoreUnused,
} from "../../shared/api/unused.ts";
import { RetryableError } from "../../shared/domain/errors.ts";
import { printable } from "../text/printable.ts";
import { call, Refused } from "./call.ts";
import { type Answer, type Command, type Context, more, pageOf, reasonOf, wordOf } from "./command.ts";
import { follow, hasFailed } from "./follow.ts";
import { csvOfUnused, showUnused, tableOfUnused, type Unused } from "./show-unused.ts";
import { utc } from "./times.ts";
import { wrongUse } from "./usage.ts";

type Query = z.input<(typeof listUnused)["query"]>;

function identityIdOf(context: Context): string {
  return wordOf(context, "an identity", "appId:GUID, or the object id of a service principal or an application");
}

export const unusedList: Command = async (context) => {
  const { use, state, csv, json } = context.values;
  if (csv && json) throw wrongUse("--csv and --json are two answers: say one", context.name);
  const query = { ...pageOf(context), use, state } as Query;
  if (csv) return listAsCsv(context, query);
  const { body } = await call(context.connection, listUnused, { query });
  const read =
    body.readAt === null
      ? "no scan was whole yet; `tq unused scan --wait` asks for one"
      : `as of the scan of ${utc(body.readAt)} UTC`;
  const shown = body.items.length === 0 ? `Nothing: ${read}.` : `${tableOfUnused(body.items)}\n\n${capital(read)}`;
  return { data: body, text: [shown, ...more(body)].join("\n") };
};

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** All of it, or the page that was asked for. */
async function listAsCsv({ connection, values }: Context, query: Query): Promise<Answer> {
  const isWhole = values.limit === undefined && values.cursor === undefined;
  const all: Unused[] = [];
  let cursor = values.cursor;
  do {
    const page = { ...query, ...(isWhole ? { limit: 200 } : {}), ...(cursor === undefined ? {} : { cursor }) };
    const { body } = await call(connection, listUnused, { query: page }).catch(newerScan);
    all.push(...body.items);
    cursor = body.nextCursor ?? undefined;
  } while (isWhole && cursor !== undefined);
  return { data: all, text: csvOfUnused(all).trimEnd() };
}

function newerScan(error: unknown): never {
  if (!(error instanceof Refused) || !error.problem.type.endsWith(":bad-cursor")) throw error;
  throw new RetryableError(error.message, { code: "newer-scan", cause: error });
}

export const unusedShow: Command = async (context) => {
  const { body } = await call(context.connection, getUnused, { params: { id: identityIdOf(context) } });
  return { data: body, text: showUnused(body) };
};

export const unusedKeep: Command = async (context) => {
  const [id, reason] = [identityIdOf(context), reasonOf(context)];
  const { body } = await call(context.connection, keepUnused, { params: { id }, body: { reason } });
  const text = body.word.confirmed
    ? `${id} is kept: it counts as used from now on.`
    : `Noted for ${id}: Graph is asked whether you own it, and nothing is done to it until then.`;
  return { data: body, text };
};

export const unusedHold: Command = async (context) => {
  const [id, reason, until] = [identityIdOf(context), reasonOf(context), untilOf(context)];
  const { body } = await call(context.connection, holdUnused, { params: { id }, body: { reason, until } });
  return { data: body, text: `${id} is left alone until ${utc(body.word.until ?? until)} UTC, whatever its use.` };
};

/** The API takes an instant; a day is its beginning. */
function untilOf({ name, values: { until = "" } }: Context): string {
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(until) ? `${until}T00:00:00Z` : until);
  const isSaid = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(until);
  if (isSaid && !Number.isNaN(at)) return new Date(at).toISOString();
  throw wrongUse("--until is missing: a date such as 2027-03-31, or an instant such as 2027-03-31T12:00:00Z", name);
}

export const unusedRelease: Command = async (context) => {
  const [id, reason] = [identityIdOf(context), reasonOf(context)];
  const { body } = await call(context.connection, releaseUnused, { params: { id }, body: { reason } });
  return { data: body, text: `${id} is released: the next scan judges it anew.` };
};

export const unusedRestore: Command = async (context) => {
  const { connection, values } = context;
  const id = identityIdOf(context);
  const dryRun = values["dry-run"];
  const reason = dryRun ? (values.reason ?? "dry run") : reasonOf(context);
  const { body } = await call(connection, restoreUnused, { params: { id }, body: { reason, dryRun } });
  const text = showRestored(id, body);
  if (body.planId === null || !values.wait) return { data: body, text };
  const run = await follow(context, body.planId, "undo");
  return { data: { ...body, run }, text, failed: hasFailed(run, "undo") };
};

type Restored = z.output<(typeof restoreUnused)["answer"]["schema"]>;

function showRestored(id: string, { planId, takes, lost, stays }: Restored): string {
  const done = takes.map(({ action, at }) => `  ${action}${at === null ? "" : `, ${utc(at)} UTC`}`);
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
  return [
    planId === null ? `Would be taken back for ${id}:` : `${id} is being restored by plan ${planId}, which takes back:`,
    ...(done.length === 0 ? ["  nothing"] : done),
    ...part("Never comes back:", lost),
    ...part("Stays as it is:", stays),
    ...(planId === null ? [] : ["", "It is not retired again by itself."]),
  ]
    .map(printable)
    .join("\n");
}
