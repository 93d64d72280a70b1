/** What the tables of docs/telemetry.md do not say by themselves. */
const paragraphs = (...lines: readonly string[]) => lines.join("\n\n");

export const prose = {
  about:
    "Spans and metrics go through `@opentelemetry/api`. Nothing waits for whoever listens, and whatever breaks there changes nothing here.",
  traces: paragraphs(
    "The trace id is the first 32 hexadecimal digits of SHA-256 over `incident ` and the incident's id, and what all spans hang on is the " +
      "next 16: a span that nobody ever ends, since it is the incident itself. So nothing has to be carried over the plans hub or kept in " +
      "a table, and a restart, a second delivery or a wake-up of next week goes on in the same trace. A viewer may call the parent missing.",
    "Record, finding and plans are made by ingest, once the incident is known. Each look of the writer at a stage is a span, with its steps " +
      "and their requests inside. What belongs to no incident (timers, the API) has no span.",
  ),
  attributes: "Ids and words of our own, and no others: no display name, no secret, no record, no person.",
  exported: paragraphs(
    "In Azure Functions the host exports its own spans (each execution, as requests), and the lines that the worker writes. What Node code " +
      "hands to the API of OpenTelemetry it does not see: that takes an SDK inside the worker. The usual one adds a quarter of a " +
      "megabyte, minified, to what every cold start loads, and cold start is time to contain. So by default a small exporter of our own writes " +
      'each ended span (`"event":"span.ended"`) and, once a minute, what each metric came to (`"event":"metric.point"`) as lines of ' +
      "the log, a sentence and then JSON. They arrive as any line of the worker, in the table `AppTraces`, where the queries in `infra/queries` take " +
      "the JSON apart: the console of a worker has no fields of its own. Sampling leaves them alone (docs/host-json.md).",
    "Of histograms a line has count, sum and extremes; times to contain stand one by one on their steps. What a process has not written when it " +
      "is killed, a minute at most, is lost. `telemetryMode` in host.json stays as it is: it changes how the host sends its own " +
      "part, drops the sampling rules, and exports nothing more of the worker's.",
    "Whoever wants real traces brings an SDK: load it before the app (`NODE_OPTIONS=--import …`), and let it register its providers. It gets all of " +
      "the above by these names, and the lines stay away; queries, alerts and workbook, which read the lines, then have to be rewritten for it.",
  ),
  events:
    "The field `event` is what queries look for; sentences may change. Alerts rest on lines, executions and the platform's own metrics, so they " +
    "speak also when the tables do not.",
  alerts: paragraphs(
    "Deployed by `infra/modules/alerts.bicep`, with the workbook beside them. Without addresses in `TOURNIQUET_ALERT_EMAILS` they only show " +
      "in the portal. Each has a query of its name in `infra/queries`; severity 0 is the gravest. Health is not asked for from outside: the web " +
      "test of Azure would need a function key in a template. The app looks at itself every five minutes, and *writer-not-running* sees it when it does not.",
  ),
  whatToDo: [
    ["dead-letters", "2", "5 min", "`tq dead-letters`: see what they are, mend it, replay them."],
    [
      "stuck-plans",
      "1",
      "5 min",
      "`tq incidents show`: do by hand what is urgent, then look at the lines of that plan.",
    ],
    [
      "silent-categories",
      "1",
      "1 h",
      "Look at Entra's diagnostic settings; somebody may have switched them off on purpose.",
    ],
    [
      "unledgered-write",
      "0",
      "5 min",
      "Somebody else may have our identity: `npm run cut-off-tourniquet`, then find out who.",
    ],
    [
      "foreign-table-write",
      "0",
      "15 min",
      "Ask who it was. If nobody says so: turn the kill switch on, look who may write to the account, and make the evidence of what is open.",
    ],
    [
      "writer-not-running",
      "0",
      "5 min",
      "Nothing is contained. Look at the function app, its identity's roles and the hub `plans`; contain by hand meanwhile.",
    ],
    ["health-failing", "1", "5 min", "`tq health`; where ingest fails, look whether storage can be reached."],
    [
      "silent-hubs",
      "1",
      "1 h",
      "As silent-categories, by Event Hubs' own count: of the hubs in which something always comes (`entra-audit`).",
    ],
  ],
  unseen:
    "None of this ran in Azure. That the host takes the worker's console lines into `AppTraces` was read in its source, not seen. The queries were " +
    "parsed, with the columns they use, by the parser of Kusto's own editors, and never run; templates and workbook were never deployed or compiled; " +
    "whether the metric of Event Hubs says zero for a hub that gets nothing, rather than nothing at all, is not known.",
} as const;
