/** A log has gone quiet for longer than it ever does: what we do not get, we do not find. */
import type { EventOf } from "../domain/event.ts";
import type { Match } from "../domain/finding.ts";
import { defineDetection } from "./detection.ts";
import { auditExample, exampleNobody } from "./support/examples.ts";

function example(change: Partial<EventOf<"log-silent">>): EventOf<"log-silent"> {
  const said = { lastAt: "2026-03-01T21:12:00.000Z", usualGapMinutes: 45 };
  return auditExample("log-silent", said, { subject: exampleNobody, claimedName: null, ...change });
}

export const detectionSilenced = defineDetection({
  id: "detection-silenced",
  title: "A log has been silent for longer than is usual",
  severity: "high",
  attack: ["T1562.008"],
  patterns: [],
  guide: {
    why: "Deleting the diagnostic setting, or the event hub's access, blinds every detection at once, and takes one call.",
    check:
      "The tenant's diagnostic settings first (the Azure activity log says who changed them), then the event hub, its network rules and its keys, then Microsoft's service health.",
    falsePositives: "Small tenants at weekends and holidays, and delays at Microsoft.",
    tune: "tuning.silence: how many times its longest usual gap, and at least how many minutes.",
  },
  on: ["log-silent"],
  ceiling: "notify",
  evaluate,
  examples: {
    match: [example({}), example({ category: "ServicePrincipalSignInLogs" })],
    // whether it is silent is decided where its gaps are known
    ignore: [],
  },
});

function evaluate(event: EventOf<"log-silent">): Match | null {
  const { category, lastAt, usualGapMinutes } = event;
  return {
    title: `Nothing has come from ${category} for longer than is usual`,
    about: { kind: "log", id: category },
    // one silence is one finding, however often the timer looks
    dedupeBy: [category, lastAt].join(","),
    details: { about: "log-silent", lastAt, usualGapMinutes },
  };
}
