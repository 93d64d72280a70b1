/** Every record of one file through the envelope, the normaliser and every detection. The records of one file are one history. */
import type { DetectionFacts } from "../../shared/detections/detection.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { detect } from "../../shared/engine/ingest/detect.ts";
import { asText, field, isFields, propertiesOf } from "../../shared/records/fields.ts";
import { type Normalised, normalise } from "../../shared/records/index.ts";
import type { Corpus } from "./corpus.ts";
import { factsOf } from "./history.ts";
import { type Place, readRecords } from "./read-records.ts";

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
  const places = await readRecords(corpus, file);
  const read = places.map(normalised);
  const facts = factsOf(read.flatMap(eventsOf));
  return read.map((one, index) => {
    const judged = judge(one, facts);
    return { file, index, ...judged, recordId: judged.recordId ?? ownId(places[index]) };
  });
}

/** Of a record that was not read further. */
function ownId(place: Place | undefined): string | null {
  if (place?.ok !== true || !isFields(place.record)) return null;
  return asText(field(propertiesOf(place.record), "id"));
}

function normalised(place: Place): Normalised {
  if (place.ok) return normalise(place.record, place.tenantId);
  return { outcome: "dead-letter", letter: { reason: "not-read", detail: place.why, category: null, recordId: null } };
}

function eventsOf(one: Normalised): readonly IdentityEvent[] {
  return one.outcome === "event" ? [one.event, ...(one.more ?? [])] : [];
}

function judge(one: Normalised, facts: ReadonlyMap<IdentityEvent, DetectionFacts>): Omit<Went, "file" | "index"> {
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
    found: events.flatMap((event) => {
      const known = facts.get(event);
      return known === undefined ? [] : detect(event, known).map(({ detection, title }) => ({ detection, title }));
    }),
  };
}
