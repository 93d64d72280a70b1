/** What nobody uses, for people: as a table, as CSV, and one of them whole. */
import type { z } from "zod";
import type { getUnused } from "../../shared/api/unused.ts";
import { columns } from "../text/columns.ts";
import { csvOf } from "../text/csv.ts";
import { printable, quotedName } from "../text/printable.ts";
import { utc } from "./times.ts";

export type Unused = z.output<(typeof getUnused)["answer"]["schema"]>;

export function tableOfUnused(items: readonly Unused[]): string {
  const rows = items.map((one) => [
    idOf(one),
    one.use ?? "-",
    one.retirement?.state ?? "-",
    one.lastUsedAt === null ? "not known" : day(one.lastUsedAt),
    nextOf(one),
    String(one.privileges.length),
    heldBy(one),
    quotedName(one.identity.claimedName),
  ]);
  return columns([["ID", "USE", "RETIREMENT", "LAST USED", "NEXT", "PRIVILEGES", "SAID", "NAMED"], ...rows]);
}

function idOf({ identity: { appId, servicePrincipalId, key } }: Unused): string {
  return appId ?? servicePrincipalId ?? key;
}

function nextOf({ retirement }: Unused): string {
  const next = retirement?.next ?? null;
  return next === null ? "-" : `${day(next.at)} ${nextStates[retirement?.state ?? ""] ?? ""}`.trimEnd();
}

const nextStates: Readonly<Record<string, string>> = { told: "disabled", disabled: "deleted", deleted: "gone" };

function heldBy({ word, trouble }: Unused): string {
  if (trouble !== null) return "altered";
  if (word === null || word.kind === "release") return "-";
  const until = word.until === null ? "" : ` until ${day(word.until)}`;
  return `${word.kind}${until}${word.confirmed ? "" : "?"}`;
}

function day(instant: string): string {
  return utc(instant).slice(0, 10);
}

const heading = [
  ...["appId", "servicePrincipalId", "applicationObjectId", "kind", "use", "reasons", "lastUsedAt", "windowDays"],
  ...["unusedSince", "privileges", "retirement", "retirementSince", "next", "nextAt", "owners", "ownersReadAt"],
  ...["incidentId", "word", "wordBy", "wordAt", "wordUntil", "wordReason", "readAt", "claimedName"],
];

/** One line each, whatever is in a cell; lists with `; ` between them. */
export function csvOfUnused(items: readonly Unused[]): string {
  return csvOf([heading, ...items.map(cellsOf)]);
}

function cellsOf({ identity, retirement, word, ...one }: Unused): readonly string[] {
  const { appId, servicePrincipalId, applicationObjectId, claimedName } = identity;
  const reasons = one.reasons.map(({ code, words }) => `${code}: ${words}`);
  const cells = [
    ...[appId, servicePrincipalId, applicationObjectId, one.kind, one.use, reasons.join("; "), one.lastUsedAt],
    ...[one.windowDays, one.unusedSince, one.privileges.join("; "), retirement?.state, retirement?.since],
    ...[retirement?.next?.what, retirement?.next?.at, retirement?.owners.join("; "), retirement?.ownersReadAt],
    ...[retirement?.incidentId, word?.kind, word?.by, word?.at, word?.until, word?.reason, one.readAt, claimedName],
  ];
  return cells.map((cell) => printable(String(cell ?? "")));
}

export function showUnused(unused: Unused): string {
  const { identity } = unused;
  return [
    `appId ${identity.appId ?? "unknown"}`,
    `service principal ${identity.servicePrincipalId ?? "unknown"}, application ${identity.applicationObjectId ?? "unknown"}`,
    `named ${quotedName(identity.claimedName)}`,
    ...use(unused),
    ...held(unused),
    ...credentials(unused),
    ...retirement(unused),
    ...said(unused),
  ]
    .map(printable)
    .join("\n");
}

function use({ kind, use: state, reasons, lastUsedAt, windowDays, unusedSince, readAt }: Unused): readonly string[] {
  const read = readAt === null ? "no scan was ever whole" : `scan of ${utc(readAt)} UTC`;
  const window = windowDays === null ? "" : `; it has to be unused for ${windowDays} days`;
  return [
    `kind ${kind}`,
    "",
    `Use: ${state ?? "not named by the scan, so it is used or not there"} (${read})`,
    ...reasons.map(({ code, words }) => `  ${code}: ${words}`),
    `  last used ${lastUsedAt === null ? "not known" : `${utc(lastUsedAt)} UTC`}${window}`,
    ...(unusedSince === null ? [] : [`  found unused by every scan since ${utc(unusedSince)} UTC`]),
  ];
}

function held({ privileges }: Unused): readonly string[] {
  return privileges.length === 0 ? [] : ["", "What it holds:", ...privileges.map((one) => `  ${one}`)];
}

function credentials({ credentials: all }: Unused): readonly string[] {
  const lines = all.map(
    ({ keyId, type, object, removable, reason }) =>
      `  ${type} ${keyId} of the ${object}: ${removable ? "may be removed" : "stays"}, ${reason.words}`,
  );
  return lines.length === 0 ? [] : ["", "Credentials:", ...lines];
}

function retirement({ retirement: standing }: Unused): readonly string[] {
  if (standing === null) return ["", "Retirement: not begun"];
  const { state, since, because, next, owners, ownersReadAt, incidentId, planIds } = standing;
  const named = owners.length === 0 ? "none" : owners.join(", ");
  return [
    "",
    `Retirement: ${state} since ${utc(since)} UTC: ${because}`,
    ...(next === null ? [] : [`  next: ${next.what}, not before ${utc(next.at)} UTC`]),
    `  owners as Graph named them ${utc(ownersReadAt)} UTC: ${named}`,
    `  incident ${incidentId}; plans ${planIds.length === 0 ? "none" : planIds.join(", ")}`,
  ];
}

function said({ word, trouble }: Unused): readonly string[] {
  if (trouble !== null) return ["", `What people said cannot be trusted: ${trouble}`];
  if (word === null) return [];
  const until = word.until === null ? "" : ` until ${utc(word.until)} UTC`;
  const open = word.confirmed ? "" : ", as an owner, which is not confirmed";
  return ["", `Said: ${word.kind}${until}${open}; by ${word.by}, ${utc(word.at)} UTC: ${JSON.stringify(word.reason)}`];
}
