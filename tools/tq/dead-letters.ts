/** `dead-letters list|show|replay`: records that could not be read or resolved. */
import type { z } from "zod";
import { listDeadLetters, replayDeadLetter } from "../../shared/api/dead-letters.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { columns } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import { call } from "./call.ts";
import { type Command, type Context, more, pageOf, wordOf } from "./command.ts";
import { utc } from "./times.ts";

type Page = z.output<(typeof listDeadLetters)["answer"]["schema"]>;
type Letter = Page["items"][number];

function letterIdOf(context: Context): string {
  return wordOf(context, "the id of a dead letter", "`dead-letters list` shows them");
}

export const deadLettersList: Command = async (context) => {
  const query = { ...pageOf(context), replayed: context.values.replayed } as z.input<(typeof listDeadLetters)["query"]>;
  const { body } = await call(context.connection, listDeadLetters, { query });
  const rows = body.items.map(({ id, at, reason, category, replay }) => [
    id,
    utc(at),
    reason,
    printable(category ?? "unknown"),
    replay === null ? "-" : `${replay.result}, ${utc(replay.at)}`,
  ]);
  const heading = ["DEAD LETTER", "AT (UTC)", "REASON", "CATEGORY", "TAKEN AGAIN"];
  const table = rows.length === 0 ? "No dead letters." : columns([heading, ...rows]);
  return { data: body, text: [table, ...more(body)].join("\n") };
};

/** The API lists them alone, so the pages are looked through. */
export const deadLettersShow: Command = async (context) => {
  const id = letterIdOf(context);
  let cursor: string | undefined;
  do {
    const { body }: { body: Page } = await call(context.connection, listDeadLetters, { query: { limit: 200, cursor } });
    const found = body.items.find((one) => one.id === id);
    if (found !== undefined) return { data: found, text: showLetter(found) };
    cursor = body.nextCursor ?? undefined;
  } while (cursor !== undefined);
  throw new TerminalError(`there is no dead letter ${id}; \`dead-letters list\` shows those there are`, {
    code: "no-such-dead-letter",
  });
};

export const deadLettersReplay: Command = async (context) => {
  const { body } = await call(context.connection, replayDeadLetter, { params: { id: letterIdOf(context) } });
  const result = body.replay?.result;
  const failed = result === "dead-letter" || result === "not-found" || result === "another-record";
  return { data: body, text: showLetter(body), failed };
};

function showLetter({ id, reason, detail, category, recordId, origin, sizeBytes, firstBytes, at, replay }: Letter) {
  return [
    `Dead letter ${id} of ${utc(at)} UTC: ${reason}`,
    printable(detail),
    printable(`${category ?? "unknown category"}, record ${recordId ?? "without an id"}, ${sizeBytes ?? "?"} bytes`),
    `in hub ${origin.hub}, partition ${origin.partition}, sequence number ${origin.sequenceNumber}, record ${origin.index} of its event`,
    `begins ${JSON.stringify(printable(firstBytes))}`,
    replay === null
      ? "It was never taken again."
      : printable(`Taken again ${utc(replay.at)} UTC by ${replay.by}: ${replay.result}, ${replay.detail}`),
  ].join("\n");
}
