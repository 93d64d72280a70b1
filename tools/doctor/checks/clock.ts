/** Clocks: of the app and of Microsoft Graph against this machine's. Freshness of evidence and leases go by the app's. */
import type { App } from "../app-health.ts";
import { type Check, failed, ok, unknown, warning } from "../check.ts";

/** `Date` counts whole seconds, and a trip takes its time. */
const noticedMs = 5_000;
const grossMs = 60_000;

export async function checkClocks(app: App | null, graphUrl: string): Promise<readonly Check[]> {
  const graph = await aheadOfUs(graphUrl);
  const todo = "set this machine's clock first";
  return [
    graph === null
      ? unknown(
          "clock of this machine",
          "Microsoft Graph did not say its time",
          `can ${graphUrl} be reached from here?`,
        )
      : judged("clock of this machine", -graph, todo),
    ...(app?.aheadMs == null
      ? []
      : [
          judged(
            "clock of the app",
            app.aheadMs - (graph ?? 0),
            "the platform keeps it: restart the app, and look again",
          ),
        ]),
  ];
}

function judged(about: string, aheadMs: number, todo: string): Check {
  const seconds = Math.round(aheadMs / 1_000);
  const found = `${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead of"} Microsoft Graph`;
  if (Math.abs(aheadMs) <= noticedMs) return ok(about, "right");
  return Math.abs(aheadMs) <= grossMs ? warning(about, found, todo) : failed(about, found, todo);
}

/** Any answer has a date, also one that refuses us. */
async function aheadOfUs(url: string): Promise<number | null> {
  const before = Date.now();
  const answer = await fetch(`${url}/v1.0/organization`, {
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  }).catch(() => null);
  const date = Date.parse(answer?.headers.get("date") ?? "");
  return Number.isNaN(date) ? null : date + 500 - (before + Date.now()) / 2;
}
