/** Reads the folder of real records: nobody on this project wrote them, and none is copied into it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Detection } from "../../shared/detections/detection.ts";
import * as detections from "../../shared/detections/index.ts";
import type { IdentityEvent } from "../../shared/domain/event.ts";
import { isFields } from "../../shared/records/fields.ts";
import { type Normalised, normalise, type Opened, openEnvelope } from "../../shared/records/index.ts";
import { tenantOfRecord } from "../../shared/records/raw-record.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const corpusFolder = process.env.TOURNIQUET_RECORDS ?? join(root, "..", "shared", "records");
export const corpusExists = existsSync(join(corpusFolder, "labels.ndjson"));

const ownTenant = "5611623b-9128-461e-9d7f-a0d9c270ead2";

/** Documentation shows these as Graph answers; the hub carries them as the `properties` of a record. */
const graphPages = new Map([
  ["microsoft-graph-docs/riskyServicePrincipals.list-response.json", "RiskyServicePrincipals"],
  ["microsoft-graph-docs/servicePrincipalRiskDetections.list-response.json", "ServicePrincipalRiskEvents"],
]);

export interface Went {
  readonly file: string;
  readonly index: number;
  /** the type of the event, `ignored: reason` or `dead letter: reason` */
  readonly as: string;
  /** ids of the detections that found something */
  readonly found: readonly string[];
}

export interface Label {
  readonly file: string;
  readonly index: number;
  readonly label: string;
  readonly pattern: string;
}

export function corpusFiles(): string[] {
  const paths = readdirSync(corpusFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(corpusFolder.length + 1)
        .replaceAll(sep, "/"),
    );
  return paths.filter((path) => path.includes("/")).sort();
}

export function corpusLabels(): Label[] {
  const lines = readFileSync(join(corpusFolder, "labels.ndjson"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** Everything in one file, through the envelope, the normaliser and every detection. */
export function walk(file: string): Went[] {
  const body = readFileSync(join(corpusFolder, file));
  const opened = openEnvelope(body).flatMap((one): Opened[] =>
    one.ok ? recordsIn(file, one.record).map((record) => ({ ok: true, record })) : [one],
  );
  const read = opened.map(
    (one): Normalised => (one.ok ? normalised(one.record) : { outcome: "dead-letter", letter: one.letter }),
  );
  const created = new Map(read.flatMap(eventsOf).flatMap(createdObject));
  return read.map((one, index) => ({ file, index, ...judge(one, (id) => created.get(id) ?? null) }));
}

/** Publishers' test files hold records as `log`; pages of the documentation hold bare objects. */
function recordsIn(file: string, record: unknown): readonly unknown[] {
  if (!isFields(record)) return [record];
  if (Array.isArray(record.tests)) return record.tests.map((test) => test.log);
  const category = graphPages.get(file);
  return category === undefined ? [record] : [{ category, tenantId: ownTenant, properties: record }];
}

/** The records are of many tenants: each is read as a record of its own. */
function normalised(record: unknown): Normalised {
  const tenant = isFields(record) ? tenantOfRecord(record) : null;
  return normalise(record, tenant ?? ownTenant);
}

function eventsOf(one: Normalised): readonly IdentityEvent[] {
  return one.outcome === "event" ? [one.event, ...(one.more ?? [])] : [];
}

function createdObject(event: IdentityEvent): readonly (readonly [string, number])[] {
  const isCreation = event.type === "existence-changed" && event.change === "created";
  return isCreation ? [[event.objectId, Date.parse(event.occurredAt)]] : [];
}

function judge(one: Normalised, createdAt: (id: string) => number | null): Pick<Went, "as" | "found"> {
  if (one.outcome === "ignored") return { as: `ignored: ${one.reason}`, found: [] };
  if (one.outcome === "dead-letter") return { as: `dead letter: ${one.letter.reason}`, found: [] };
  const events = eventsOf(one);
  const all: readonly Detection[] = Object.values(detections);
  const facts = { now: Date.now(), createdAt };
  const fired = events.flatMap((event) =>
    all.filter((detection) => detection.on.includes(event.type) && detection.evaluate(event, facts) !== null),
  );
  return { as: events.map(({ type }) => type).join(" + "), found: fired.map(({ id }) => id) };
}
