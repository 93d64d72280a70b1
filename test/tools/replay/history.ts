/** A short history by hand, and every form it can be exported in. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { readPolicy } from "../../../shared/config/policy-file.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import type { ReplayOptions } from "../../../tools/replay/replay-options.ts";
import type { Report } from "../../../tools/replay/report/report.ts";
import { replay } from "../../../tools/replay/run.ts";
import type { Source } from "../../../tools/replay/sources/source.ts";
import { capture } from "./capture.ts";

export const tenantId = "11111111-2222-4333-8444-555555555555";
export const hour = 3600_000;
export const start = Date.parse("2026-03-02T09:00:00Z");

export type Json = Readonly<Record<string, unknown>>;
export interface EntraRecord extends Json {
  readonly time: string;
  readonly category: string;
  readonly properties: Json;
}

export function guid(kind: string, n: number): string {
  return `${kind.repeat(8).slice(0, 8)}-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

function record(category: string, at: number, operationName: string, properties: Json): EntraRecord {
  const resourceId = `/tenants/${tenantId}/providers/Microsoft.aadiam`;
  return { time: new Date(at).toISOString(), resourceId, operationName, category, tenantId, properties };
}

export function risk(n: number, at: number, said: Json = {}): EntraRecord {
  const time = new Date(at).toISOString();
  return record("ServicePrincipalRiskEvents", at, "Service principal risk detection", {
    id: guid("9", n),
    appId: guid("a", n),
    servicePrincipalId: guid("b", n),
    servicePrincipalDisplayName: `app ${n}`,
    riskEventType: "investigationsThreatIntelligence",
    riskLevel: "high",
    riskState: "atRisk",
    riskDetail: "none",
    activity: "servicePrincipal",
    activityDateTime: time,
    detectedDateTime: time,
    keyIds: [],
    ...said,
  });
}

export function signIn(n: number, at: number, errorCode = 0): EntraRecord {
  return record("ServicePrincipalSignInLogs", at, "Sign-in activity", {
    id: guid("d", n),
    createdDateTime: new Date(at).toISOString(),
    appId: guid("a", n),
    servicePrincipalId: guid("b", n),
    servicePrincipalName: `app ${n}`,
    ipAddress: "203.0.113.9",
    location: { countryOrRegion: "NL" },
    status: { errorCode },
    resourceId: "00000003-0000-0000-c000-000000000000",
    signInEventTypes: ["servicePrincipal"],
  });
}

export function ownerAdded(n: number, at: number): EntraRecord {
  const id = `Directory_${guid("c", n)}_1`;
  return record("AuditLogs", at, "Add owner to service principal", {
    id,
    category: "ApplicationManagement",
    correlationId: guid("c", n),
    result: "success",
    activityDisplayName: "Add owner to service principal",
    activityDateTime: new Date(at).toISOString(),
    initiatedBy: { user: { id: guid("e", 1), displayName: null } },
    targetResources: [
      { id: guid("f", n), type: "User", displayName: null, modifiedProperties: [] },
      {
        id: guid("b", n),
        type: "ServicePrincipal",
        displayName: `app ${n}`,
        modifiedProperties: [
          { displayName: "ServicePrincipal.ObjectID", oldValue: null, newValue: `"${guid("b", n)}"` },
        ],
      },
    ],
    additionalDetails: [],
  });
}

/** Risks, an owner, sign-ins, and what nobody reads. */
export function history(): readonly EntraRecord[] {
  return [
    signIn(1, start),
    risk(1, start + hour),
    ownerAdded(1, start + 2 * hour),
    record("AuditLogs", start + 3 * hour, "Update user", {
      id: "Directory_x_2",
      activityDisplayName: "Update user",
      activityDateTime: new Date(start + 3 * hour).toISOString(),
      targetResources: [],
    }),
    risk(2, start + 30 * hour, { riskEventType: "suspiciousSignins", riskLevel: "medium" }),
    signIn(2, start + 31 * hour, 7000222),
  ];
}

export function sourceOf(name: string, ...chunks: readonly (string | Uint8Array)[]): Source {
  const bytes = chunks.map((chunk) => (typeof chunk === "string" ? Buffer.from(chunk) : chunk));
  return {
    name,
    size: bytes.reduce((size, chunk) => size + chunk.byteLength, 0),
    async *open() {
      yield* bytes;
    },
  };
}

export function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

const context = "https://graph.microsoft.com/v1.0/$metadata#";
const collections: Readonly<Record<string, string>> = {
  AuditLogs: "auditLogs/directoryAudits",
  ServicePrincipalSignInLogs: "auditLogs/signIns",
  ServicePrincipalRiskEvents: "identityProtection/servicePrincipalRiskDetections",
};
const tables: Readonly<Record<string, string>> = {
  AuditLogs: "AuditLogs",
  ServicePrincipalSignInLogs: "AADServicePrincipalSignInLogs",
  ServicePrincipalRiskEvents: "AADServicePrincipalRiskEvents",
};

/** One page a category, newest first, as Graph answers. */
export function graphPages(records: readonly EntraRecord[], withContext = true): readonly Json[] {
  return [...Map.groupBy(records, ({ category }) => category)].map(([category, items]) => ({
    ...(withContext ? { "@odata.context": context + collections[category] } : {}),
    value: items.map(({ properties }) => properties).toReversed(),
  }));
}

/** With the workspace where one would look for the tenant, and dynamic columns as text or not. */
export function row({ time, category, operationName, properties, resourceId }: EntraRecord, dynamic: boolean): Json {
  const columns = Object.entries(properties).map(([name, value]) => [pascal(name), cell(value, dynamic)]);
  const { Status, ResourceId, Location, Category, ...rest } = Object.fromEntries(columns);
  const status = properties.status as { readonly errorCode?: number } | undefined;
  return {
    TenantId: guid("7", 7),
    TimeGenerated: time,
    Type: tables[category],
    OperationName: operationName,
    ...rest,
    ...(Category === undefined ? {} : { Category }),
    ...(status === undefined ? {} : { ResultType: String(status.errorCode) }),
    ...(ResourceId === undefined ? {} : { ResourceIdentity: ResourceId }),
    ...(Location === undefined ? {} : { LocationDetails: Location }),
    _ResourceId: resourceId,
  };
}

function cell(value: unknown, dynamic: boolean): unknown {
  return typeof value === "object" && value !== null && !dynamic ? JSON.stringify(value) : value;
}

function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

export function queryAnswer(records: readonly EntraRecord[]): Json {
  const rows = records.map((one) => row(one, false));
  const names = [...new Set(rows.flatMap((one) => Object.keys(one)))];
  const columns = names.map((name) => ({ name, type: "string" }));
  return {
    tables: [{ name: "PrimaryResult", columns, rows: rows.map((one) => names.map((name) => one[name] ?? "")) }],
  };
}

export function csv(records: readonly EntraRecord[]): string {
  const rows = records.map((one) => row(one, false));
  const names = [...new Set(rows.flatMap((one) => Object.keys(one)))];
  const quoted = (value: unknown) => `"${String(value ?? "").replaceAll('"', '""')}"`;
  return [names.join(","), ...rows.map((one) => names.map((name) => quoted(one[name])).join(","))].join("\r\n");
}

export async function everyForm(records: readonly EntraRecord[]): Promise<Readonly<Record<string, readonly Source[]>>> {
  const one = (name: string, ...chunks: readonly (string | Uint8Array)[]) => [sourceOf(name, ...chunks)];
  const half = Math.ceil(records.length / 2);
  const wrapped = { records };
  return {
    "JSON lines": one("lines", lines(records)),
    "JSON lines with carriage returns and a byte order mark": one(
      "crlf",
      `\uFEFF${lines(records).replaceAll("\n", "\r\n")}`,
    ),
    "a wrapper a line": one("wrappers", lines([{ records: records.slice(0, half) }, { records: records.slice(half) }])),
    "one document": one("document", JSON.stringify(wrapped)),
    "one printed document": one("printed", JSON.stringify(wrapped, null, 2)),
    "a list": one("list", JSON.stringify(records)),
    "a list of a record a line": one(
      "list-lines",
      `[\n${records.map((item) => JSON.stringify(item)).join(",\n")}\n]\n`,
    ),
    "printed documents after another": one("several", ...records.map((item) => JSON.stringify(item, null, 2))),
    "pages of Graph, a file each": graphPages(records).map((page, i) => sourceOf(`page ${i}`, JSON.stringify(page))),
    "pages of Graph in one file": one("pages", ...graphPages(records).map((page) => JSON.stringify(page, null, 1))),
    "pages of Graph without context": one("bare pages", lines(graphPages(records, false))),
    "rows of Log Analytics": one("rows", lines(records.map((item) => row(item, true)))),
    "rows of Log Analytics with text for objects": one("text rows", lines(records.map((item) => row(item, false)))),
    "an answer of the query API": one("query", JSON.stringify(queryAnswer(records))),
    CSV: one("csv", csv(records)),
    "a capture": one("capture", await capture(records.map((item) => JSON.stringify({ records: [item] })))),
    "a compressed capture": one("deflated", await capture([JSON.stringify(wrapped)], "deflate")),
    gzip: one("gz", gzipSync(lines(records))),
    "gzip of gzip, in small chunks": one("gz2", ...inChunks(gzipSync(gzipSync(JSON.stringify(wrapped))), 7)),
    "UTF-16, as PowerShell writes it": one(
      "utf16",
      Buffer.from(`\uFEFF${JSON.stringify(wrapped, null, 2)}`, "utf16le"),
    ),
    "lines in small chunks": one("chunks", ...inChunks(Buffer.from(lines(records)), 13)),
    "a document in small chunks": one("document chunks", ...inChunks(Buffer.from(JSON.stringify(wrapped)), 13)),
  };
}

function inChunks(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

const written = readPolicy(readFileSync(new URL("../../../policy.yaml", import.meta.url), "utf8"), "policy.yaml");

/** As shipped, with the tenant filled in; the lines that these tests stand on are their own. */
export const shipped: Policy = {
  ...written,
  tenantId,
  detections: { ...written.detections, "service-principal-risk-detected": { max: "enforce", require: [] } },
};

export function replayed(sources: readonly Source[], options: Partial<ReplayOptions> = {}): Promise<Report> {
  return replay(sources, { policy: shipped, ...options });
}
