/** Reads the folder of real records: nobody on this project wrote them, and none is copied into it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Detection } from "../../shared/detections/detection.ts";
import * as detections from "../../shared/detections/index.ts";
import { isFields } from "../../shared/records/fields.ts";
import { normalise, type Opened, openEnvelope } from "../../shared/records/index.ts";
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
  return opened.map((one, index) => {
    if (!one.ok) return { file, index, as: `dead letter: ${one.letter.reason}`, found: [] };
    return { file, index, ...judge(one.record) };
  });
}

/** Publishers' test files hold records as `log`; pages of the documentation hold bare objects. */
function recordsIn(file: string, record: unknown): readonly unknown[] {
  if (!isFields(record)) return [record];
  if (Array.isArray(record.tests)) return record.tests.map((test) => test.log);
  const category = graphPages.get(file);
  return category === undefined ? [record] : [{ category, tenantId: ownTenant, properties: record }];
}

/** The records are of many tenants: each is read as a record of its own. */
function judge(record: unknown): Pick<Went, "as" | "found"> {
  const tenant = isFields(record) ? tenantOfRecord(record) : null;
  const normalised = normalise(record, tenant ?? ownTenant);
  if (normalised.outcome === "ignored") return { as: `ignored: ${normalised.reason}`, found: [] };
  if (normalised.outcome === "dead-letter") return { as: `dead letter: ${normalised.letter.reason}`, found: [] };
  const { event } = normalised;
  const all: readonly Detection[] = Object.values(detections);
  const fired = all.filter((one) => one.on.includes(event.type) && one.evaluate(event, { now: Date.now() }) !== null);
  return { as: event.type, found: fired.map((one) => one.id) };
}
