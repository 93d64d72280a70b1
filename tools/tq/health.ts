/** `health`: is the app well? The one answer that takes a function key instead of a sign-in. */
import { z } from "zod";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { columns } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import type { Command } from "./command.ts";
import { lasting } from "./times.ts";

const Age = z.looseObject({ ageSeconds: z.number() });

const Health = z.looseObject({
  status: z.string(),
  reason: z.string().optional(),
  mode: z.string().optional(),
  killSwitch: z.string().nullish(),
  newestRecords: z.record(z.string(), Age).default({}),
  dependencyCache: Age.nullish(),
  due: z.looseObject({ waiting: z.number(), overdue: z.number() }).optional(),
  deadLetters: z.number().optional(),
  channels: z.record(z.string(), z.looseObject({ waiting: z.number() })).default({}),
});
type Health = z.infer<typeof Health>;

export const health: Command = async ({ connection: { url, functionKey } }) => {
  const headers: Record<string, string> = functionKey === null ? {} : { "x-functions-key": functionKey };
  const answer = await fetch(`${url}/api/health`, { headers, signal: AbortSignal.timeout(30_000) }).catch((cause) => {
    const message = `${url} cannot be reached: is the address right, and does the app run?`;
    throw new RetryableError(message, { code: "unreachable", cause });
  });
  if (answer.status === 401 || answer.status === 403) {
    const message = "the app's health takes a function key: set TOURNIQUET_FUNCTION_KEY";
    throw new TerminalError(message, { code: "not-signed-in" });
  }
  const body: unknown = await answer.json().catch(() => null);
  const parsed = Health.safeParse(body);
  if (!parsed.success) {
    throw new TerminalError(`${url} answered ${answer.status} and nothing that says how it is`, { code: "not-ours" });
  }
  return { data: body, text: showHealth(parsed.data), failed: parsed.data.status !== "ok" };
};

function showHealth(of: Health): string {
  const records = Object.entries(of.newestRecords).map(([category, { ageSeconds }]) => [
    "",
    printable(category),
    `${lasting(ageSeconds)} ago`,
  ]);
  const cache = of.dependencyCache ?? null;
  return [
    printable(
      `${of.status}${of.reason === undefined ? "" : `: ${of.reason}`}${of.mode === undefined ? "" : `, mode ${of.mode}`}`,
    ),
    ...(of.killSwitch == null ? [] : [printable(`Kill switch: ON, ${of.killSwitch}`)]),
    ...(of.due === undefined ? [] : [`Due: ${of.due.waiting} waiting, ${of.due.overdue} overdue`]),
    ...(of.deadLetters === undefined ? [] : [`Dead letters: ${of.deadLetters}`]),
    `Who depends on what: ${cache === null ? "not read yet" : `read ${lasting(cache.ageSeconds)} ago`}`,
    ...Object.entries(of.channels).map(([name, { waiting }]) => printable(`Channel ${name}: ${waiting} waiting`)),
    ...(records.length === 0 ? ["Newest records: none came yet"] : ["Newest records:", columns(records)]),
  ].join("\n");
}
