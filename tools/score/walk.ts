/** Every record of one file through the envelope, the normaliser and every detection. The records of one file are one history. */
import type { DetectionFacts } from "../../shared/detections/detection.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { defaultTuning } from "../../shared/domain/policy.ts";
import { detect } from "../../shared/engine/detect.ts";
import { isFields } from "../../shared/records/fields.ts";
import { type Normalised, normalise, type Opened } from "../../shared/records/index.ts";
import { tenantOfRecord } from "../../shared/records/raw-record.ts";
import type { Corpus } from "./corpus.ts";
import { createHistory, type History } from "./history.ts";
import { readRecords } from "./read-records.ts";
import { standInTenant } from "./shapes.ts";

export interface Found {
  readonly detection: string;
  readonly title: string;
}

/** What became of one record. */
export interface Went {
  readonly file: string;
  /** of the record in its file, from 0 */
  readonly index: number;
  /** null: it has none that could be read */
  readonly recordId: string | null;
  /** the types of its events, `ignored: reason` or `dead letter: reason` */
  readonly as: string;
  /** what a dead letter says of its reason */
  readonly detail: string | null;
  readonly events: readonly IdentityEvent[];
  readonly found: readonly Found[];
}

export async function walk(corpus: Corpus, file: string): Promise<readonly Went[]> {
  const read = (await readRecords(corpus, file)).map(normalised);
  const history = createHistory(read.flatMap(eventsOf));
  return read.map((one, index) => ({ file, index, ...judge(one, history) }));
}

/** The records are of many tenants: each is read as a record of its own. */
function normalised(opened: Opened): Normalised {
  if (!opened.ok) return { outcome: "dead-letter", letter: opened.letter };
  const { record } = opened;
  return normalise(record, (isFields(record) ? tenantOfRecord(record) : null) ?? standInTenant);
}

function eventsOf(one: Normalised): readonly IdentityEvent[] {
  return one.outcome === "event" ? [one.event, ...(one.more ?? [])] : [];
}

function judge(one: Normalised, history: History): Omit<Went, "file" | "index"> {
  const nothing = { recordId: null, detail: null, events: [], found: [] };
  if (one.outcome === "ignored") return { ...nothing, as: `ignored: ${one.reason}` };
  if (one.outcome === "dead-letter") {
    const { reason, detail, recordId } = one.letter;
    return { ...nothing, as: `dead letter: ${reason}`, detail, recordId };
  }
  const events = eventsOf(one);
  return {
    as: events.map(({ type }) => type).join(" + "),
    detail: one.letters?.map(({ detail }) => detail).join("; ") || null,
    recordId: one.event.recordId,
    events,
    found: events.flatMap((event) =>
      detect(event, factsOf(event, history)).map(({ detection, title }) => ({ detection, title })),
    ),
  };
}

/** As the policy's defaults have it, on the day it happened. */
function factsOf(event: IdentityEvent, history: History): DetectionFacts {
  return { now: Date.parse(event.occurredAt), tuning: defaultTuning, ...history.factsOf(event) };
}
