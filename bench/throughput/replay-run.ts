/** One run of the floor, on a tenant and tables as the app's run found them. */
import { composeApp } from "../app.ts";
import type { RemoteBackdrop } from "../backdrop/start.ts";
import { replayAll } from "./floor.ts";
import { castOf, type OurRun } from "./ours.ts";
import { tracesOf } from "./traces.ts";

const inFlight = 64;
/** A floor whose requests are refused does not do the same work; some are, as shared rows lose their order. */
const refusedAtMost = 0.03;

/** Answers ms. */
export async function runFloor(backdrop: RemoteBackdrop, recorded: OurRun): Promise<number> {
  const { requests, victims, earlier } = recorded;
  const [warming, same] = await castOf(backdrop, victims.length);
  if (same[0]?.id !== victims[0]?.id) throw new Error("The tenants of two runs differ.");
  const stage = await backdrop.stage();
  const { token } = await composeApp({ stage });
  await backdrop.raiseRisk([...warming, ...same]);
  const target = { graphUrl: stage.graphUrl, stateConnection: stage.env.State ?? "", token };
  await replayAll(tracesOf(earlier, warming), target, inFlight);
  const traces = tracesOf(requests, victims);
  const startedAt = performance.now();
  const refused = await replayAll(traces, target, inFlight);
  const elapsedMs = performance.now() - startedAt;
  if (refused > requests.length * refusedAtMost) {
    throw new Error(`${refused} of the floor's ${requests.length} requests were refused.`);
  }
  return elapsedMs;
}
