/** `unused scan`: looks at once who is unused, and where somebody watches, shows how far it is. */
import { Presets, SingleBar } from "cli-progress";
import type { z } from "zod";
import { getScan, startScan } from "../../shared/api/unused.ts";
import { printable } from "../text/printable.ts";
import { call } from "./call.ts";
import type { Command, Context } from "./command.ts";
import { until } from "./follow.ts";
import { utc } from "./times.ts";
import { wrongUse } from "./usage.ts";

type Scans = z.output<(typeof getScan)["answer"]["schema"]>;
type Scan = Scans["current"];

export const unusedScan: Command = async (context) => {
  const { connection, name, values, words } = context;
  if (words.length > 0) throw wrongUse(`${name} takes nothing after it, not ${words.join(" ")}`, name);
  const { body: before } = await call(connection, getScan);
  const { body: asked } = await call(connection, startScan, { body: {} });
  if (!values.wait) return { data: asked, text: `${stateInWords(asked)}; \`unused scan --wait\` follows it.` };
  const done = await follow(context, before);
  return { data: done, text: showScan(done), failed: done.state === "failed" };
};

/** Until there is another whole scan than before, or it failed. */
async function follow(context: Context, before: Scans): Promise<Scan> {
  const progress = progressOn(context);
  try {
    return await until(async () => {
      const { body } = await call(context.connection, getScan);
      const { current, last } = body;
      progress.at(current);
      if (current.state === "requested" || current.state === "running") return null;
      if (current.state === "failed") return current.scanId === failedBefore(before) ? null : current;
      return last !== null && last.scanId !== before.last?.scanId ? last : null;
    });
  } finally {
    progress.stop();
  }
}

function failedBefore({ current }: Scans): string | null {
  return current.state === "failed" ? current.scanId : null;
}

interface Progress {
  at(scan: Scan): void;
  stop(): void;
}

/** A bar where somebody watches, else a line for each part. How many pages there are is known from the last whole scan alone. */
function progressOn({ screen, say }: Context): Progress {
  if (screen === null) return lines(say);
  const bar = new SingleBar(
    { stream: screen, clearOnComplete: true, format: "{bar} {value} of some {total} pages: {what}" },
    Presets.shades_classic,
  );
  bar.start(1, 0, { what: "asked for" });
  return {
    at(scan) {
      bar.setTotal(Math.max(scan.expectedPages ?? 0, scan.pages, 1));
      bar.update(scan.pages, { what: whatIsDone(scan) });
    },
    stop: () => bar.stop(),
  };
}

function lines(say: (line: string) => void): Progress {
  let said = "";
  return {
    at(scan) {
      const line = whatIsDone(scan);
      if (line !== said) say(line);
      said = line;
    },
    stop: () => undefined,
  };
}

function whatIsDone({ state, part, failure }: Scan): string {
  if (state !== "running") return state;
  const doing = part === "judging" ? "judging" : `reading ${printable(part ?? "").replaceAll("-", " ")}`;
  return failure === null ? doing : `${doing}; trying again: ${printable(failure)}`;
}

function stateInWords({ state, pages }: Scan): string {
  if (state === "running") return `A scan is under way, ${pages} pages so far`;
  return state === "requested" ? "A scan is asked for, and begins within a minute" : `The scan is ${state}`;
}

function showScan({ state, scanId, startedAt, endedAt, pages, counts, reportOnly, missing, failure }: Scan): string {
  const found = Object.entries(counts).map(([use, count]) => `  ${use}: ${count}`);
  return [
    `Scan ${scanId ?? "without an id"}: ${state}, ${utc(startedAt ?? "")} to ${utc(endedAt ?? "")} UTC, ${pages} pages`,
    ...found,
    ...(missing.length === 0 ? [] : ["Could not be read, and counts as unknown:", ...missing.map((one) => `  ${one}`)]),
    ...(reportOnly === null ? [] : [`Nothing is begun on its word: ${reportOnly}`]),
    ...(failure === null ? [] : [`It failed: ${failure}`]),
  ]
    .map(printable)
    .join("\n");
}
