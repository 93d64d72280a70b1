/** One run in a process of its own, so that runs share no caches: `ours` writes what it sent to a file, `floor` reads it. */
import { readFile, writeFile } from "node:fs/promises";
import { startBackdrop } from "../backdrop/start.ts";
import { type OurRun, runOurs } from "./ours.ts";
import { runFloor } from "./replay-run.ts";

const [, , whose, file = "", graphLatencyMs, identities] = process.argv;
const backdrop = await startBackdrop(Number(graphLatencyMs));
const elapsedMs = whose === "ours" ? await ours() : await floor();
await backdrop.stop();
process.send?.(elapsedMs);
process.exit(0);

async function ours(): Promise<number> {
  const run = await runOurs(backdrop, Number(identities));
  await writeFile(file, JSON.stringify(run));
  return run.elapsedMs;
}

async function floor(): Promise<number> {
  return runFloor(backdrop, JSON.parse(await readFile(file, "utf8")) as OurRun);
}
