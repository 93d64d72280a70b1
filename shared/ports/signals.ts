/** Everything that telemetry says: every span, attribute, metric and log event by its name. `docs/telemetry.md` is made of this. */

/** Units as in UCUM; names without the prefix are OpenTelemetry's semantic conventions. No secret, no display name, no record. */
export const attributes = {
  "tourniquet.category": "log category of the record, as Entra writes it; `Manual` or `Unused` where no record was",
  "tourniquet.record.id": "the record's own id, by which Microsoft Graph's copy is found",
  "tourniquet.incident.id": "id of the incident; the trace id is made of it",
  "tourniquet.finding.id": "id of the finding",
  "tourniquet.detection": "id of the detection",
  "tourniquet.severity": "`informational` to `critical`",
  "tourniquet.plan.id": "id of the plan",
  "tourniquet.playbook": "id of the playbook",
  "tourniquet.stage": "`contain`, `eradicate`, `retire` or `undo`",
  "tourniquet.action": "id of the action",
  "tourniquet.outcome": "what became of a step",
  "tourniquet.contain.seconds": "the time to contain, on the step that contained",
  "tourniquet.decided_by": "`rule`, or `person`; never which person",
  "tourniquet.notice": "what people were told of",
  "tourniquet.urgency": "`page`, `chat` or `digest`",
  "tourniquet.reason": "why a record is a dead letter",
  "tourniquet.lane": "quota lane of the request",
  "tourniquet.request.id": "Microsoft Graph's `request-id`",
  "error.type": "code of the failure; not there where it went well",
  "http.request.method": "method of the request",
  "http.response.status_code": "status of the answer; 0 where none came",
  "url.template": "path of the request with `{}` where its ids are, without its query",
} as const;
export type AttributeName = keyof typeof attributes;

interface SpanSignal {
  readonly kind: "internal" | "consumer" | "client";
  readonly what: string;
  readonly attributes: readonly AttributeName[];
}

export const spans = {
  "tourniquet.record": {
    kind: "consumer",
    what: "A record of which a finding was made, from its arrival until that was stored.",
    attributes: ["tourniquet.incident.id", "tourniquet.category", "tourniquet.record.id"],
  },
  "tourniquet.finding": {
    kind: "internal",
    what: "What a detection saw in it.",
    attributes: ["tourniquet.finding.id", "tourniquet.detection", "tourniquet.severity"],
  },
  "tourniquet.plan": {
    kind: "internal",
    what: "A plan that the finding called for.",
    attributes: ["tourniquet.plan.id", "tourniquet.playbook"],
  },
  "tourniquet.stage": {
    kind: "consumer",
    what: "One look of the writer at one stage of a plan: judging, running or verifying.",
    attributes: ["tourniquet.incident.id", "tourniquet.plan.id", "tourniquet.playbook", "tourniquet.stage"],
  },
  "tourniquet.step": {
    kind: "internal",
    what: "A step whose requests are sent. What was in place before sends nothing and has none.",
    attributes: ["tourniquet.plan.id", "tourniquet.action", "tourniquet.contain.seconds", "error.type"],
  },
  "tourniquet.request": {
    kind: "client",
    what: "One change of the tenant, from its place in the quota lane to its answer, retries included.",
    attributes: [
      "http.request.method",
      "url.template",
      "http.response.status_code",
      "tourniquet.lane",
      "tourniquet.request.id",
      "error.type",
    ],
  },
} as const satisfies Record<string, SpanSignal>;
export type SpanName = keyof typeof spans;

interface MetricSignal {
  readonly instrument: "counter" | "histogram" | "gauge";
  readonly unit: string;
  readonly what: string;
  readonly attributes: readonly AttributeName[];
}

export const metrics = {
  "tourniquet.records": {
    instrument: "counter",
    unit: "{record}",
    what: "Records of a watched category that came, relevant or not; those of a batch that is delivered again count again.",
    attributes: ["tourniquet.category"],
  },
  "tourniquet.findings": {
    instrument: "counter",
    unit: "{finding}",
    what: "New findings filed with an identity.",
    attributes: ["tourniquet.detection", "tourniquet.severity"],
  },
  "tourniquet.dead_letters": {
    instrument: "counter",
    unit: "{record}",
    what: "Records that became a dead letter.",
    attributes: ["tourniquet.reason"],
  },
  "tourniquet.steps": {
    instrument: "counter",
    unit: "{step}",
    what: "Steps of stages that ran to their end, by what became of them.",
    attributes: ["tourniquet.action", "tourniquet.outcome"],
  },
  "tourniquet.notices": {
    instrument: "counter",
    unit: "{notice}",
    what: "What was told on the outcomes hub.",
    attributes: ["tourniquet.notice", "tourniquet.urgency"],
  },
  "tourniquet.requests": {
    instrument: "counter",
    unit: "{request}",
    what: "Answers of Microsoft Graph and Resource Manager, those inside a batch one by one; the share of 429 is the throttling.",
    attributes: ["tourniquet.lane", "http.response.status_code"],
  },
  "tourniquet.wake_ups": {
    instrument: "counter",
    unit: "{message}",
    what: "Due things that the sweep published to wake the writer.",
    attributes: [],
  },
  "tourniquet.time_to_contain": {
    instrument: "histogram",
    unit: "s",
    what: "From the activity that the record tells of until the disable was answered, once a plan. Entra's own delay is most of it.",
    attributes: ["tourniquet.playbook", "tourniquet.decided_by"],
  },
  "tourniquet.queue.age": {
    instrument: "histogram",
    unit: "s",
    what: "How long a wake-up lay in the plans hub before the writer took it.",
    attributes: [],
  },
  "tourniquet.due.age": {
    instrument: "gauge",
    unit: "s",
    what: "How late the oldest due row was when the sweep found it; 0: nothing was due.",
    attributes: [],
  },
  "tourniquet.approvals.waiting": {
    instrument: "gauge",
    unit: "{stage}",
    what: "Stages that wait for a person, counted once an hour.",
    attributes: [],
  },
} as const satisfies Record<string, MetricSignal>;
export type MetricName = keyof typeof metrics;

/** Values of the field `event` of log lines on which alerts and queries rest; their sentences may change, these may not. */
export const logEvents = {
  "batch.read": "a batch held something of use",
  "dead-letter.kept": "a record could not be read or handled, and lies in the table for a person",
  "dead-letter.lost": "not even that: storage refused the dead letter, too",
  "due.failed": "a due thing failed and is tried again",
  "due.stuck": "it failed again and again",
  "stage.stuck": "five attempts at a stage ended without an answer, and it was given up",
  "own-write.unexplained": "the tenant was changed under our id, and no step of ours explains it",
  "health.degraded": "due things pile up, or people are not reached",
  "timer.failed": "storage could not be used by a timer, which tries again next time",
  "span.ended": "a span, where no SDK takes them",
  "metric.point": "a metric's last minute, where no SDK takes it",
} as const;
export type LogEvent = keyof typeof logEvents;
