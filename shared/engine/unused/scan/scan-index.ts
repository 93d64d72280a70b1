/**
 * What a scan read of everybody, held so that one page of service principals after the other can be joined with it: numbers and short tuples,
 * no objects of Graph, well below 1 KB an identity.
 */
import type { z } from "zod";
import { describeError, TerminalError } from "../../../domain/errors.ts";
import type { IdentityKey } from "../../../domain/identity.ts";
import { isMicrosoftTenant } from "../../snapshot/identity-kind.ts";
import { type Packed, pack } from "./packed.ts";
import { permissionPhrase, rolePhrase } from "./privilege-phrases.ts";
import type { ScanHand } from "./scan-hand.ts";
import { scanParts } from "./scan-parts.ts";
import type { ApplicationRow, CredentialRow } from "./scan-rows.ts";
import { pagesName, type ScanInHand, type ScanPart, verdictsOf } from "./scan-state.ts";
import { HistoryRow } from "./use-history.ts";
import { everFound, markLearned } from "./whose-rows.ts";

/** Of one application, without its name: [object id, audience, created, for users, type, tags, credentials]. */
export type Compact = readonly [
  id: string,
  audience: string | null,
  createdAt: number | null,
  forUsers: boolean,
  odata: string | null,
  tags: readonly string[],
  credentials: readonly UsedCredential[] | null,
];

/** With epoch ms of its last use; null: not known. */
export type UsedCredential = readonly [row: CredentialRow, usedAt: number | null];

/** What is known by an appId. One object each, as there are many. */
export interface Known {
  /** null: the report has no row; empty: one that cannot be read */
  reported: Packed<readonly (number | null)[]> | null;
  application: Packed<Compact> | null;
  /** of the scan before */
  history: Packed<HistoryRow> | null;
  /** it has a service principal here */
  hasPrincipal: boolean;
  /** it has a baseline */
  isLearned: boolean;
}

export interface ScanIndex {
  readonly known: ReadonlyMap<string, Known>;
  /** of whom there are rows in their own partition */
  readonly found: ReadonlySet<IdentityKey>;
  /** by key id of service principals, epoch ms */
  readonly keyUses: ReadonlyMap<string, number>;
  readonly hasApplications: boolean;
  /** enabled service principals of applications that are not Microsoft's, and those of them with a row in the report */
  readonly enabled: number;
  readonly covered: number;
  readonly hasReport: boolean;
  /** epoch ms of the newest use that the report tells of; null: it tells of none */
  readonly newestUse: number | null;
  /** by object id of the resource: some of those that hold delegated grants on it; null: not read */
  readonly callers: ReadonlyMap<string, readonly string[]> | null;
  /** object ids of those that hold delegated grants; null: not read */
  readonly clients: ReadonlySet<string> | null;
  /** by object id of the holder, one phrase each; null: not read */
  readonly privileges: ReadonlyMap<string, readonly string[]> | null;
}

const mostCallers = 5;

type RowsOf<P extends ScanPart> = z.output<(typeof scanParts)[P]["Row"]>[];

/** Pages of a part in their order; undefined: the part is missing. */
export function rowsIn<P extends ScanPart>(
  hand: ScanHand,
  part: P,
  current: ScanInHand,
): AsyncGenerator<RowsOf<P>> | undefined {
  if (current.missing.some((one) => one.part === part)) return undefined;
  return pagesOf(hand, part, current);
}

async function* pagesOf<P extends ScanPart>(
  { services }: ScanHand,
  part: P,
  current: ScanInHand,
): AsyncGenerator<RowsOf<P>> {
  const { stores, policy } = services;
  const Rows = scanParts[part].Row.array() as unknown as z.ZodType<RowsOf<P>>;
  let found = 0;
  for await (const page of stores.scans.pages(policy.tenantId, current.scanId, pagesName(part, current))) {
    const { data, error } = Rows.safeParse(page);
    if (data === undefined) throw pagesLost(`page ${found} of ${part} is not as it was kept`, error);
    found += 1;
    yield data;
  }
  const { pages } = current.parts[part] ?? { pages: 0 };
  if (found < pages) throw pagesLost(`of ${part} ${pages} pages were kept, and ${found} are there`);
}

/** Half a list makes the rest look unused, unprivileged, and called by nobody. */
function pagesLost(message: string, cause?: unknown): TerminalError {
  return new TerminalError(message, { code: "pages-lost", cause });
}

export async function indexOf(hand: ScanHand, current: ScanInHand): Promise<ScanIndex> {
  const known = new Map<string, Known>();
  const knownOf = (appId: string): Known => {
    const found = known.get(appId);
    if (found !== undefined) return found;
    const made: Known = { reported: null, application: null, history: null, hasPrincipal: false, isLearned: false };
    known.set(appId, made);
    return made;
  };
  const keyUses = await keyUsesOf(hand, current);
  const hasApplications = await addApplications(hand, current, knownOf, keyUses);
  const { hasReport, newestUse } = await addReport(hand, current, knownOf);
  await addHistory(hand, knownOf);
  const counted = await countPrincipals(hand, current, knownOf);
  await markLearned(hand.services, known);
  const found = await everFound(hand.services);
  const { callers, clients } = await grantsOf(hand, current);
  const privileges = await privilegesOf(hand, current);
  return { known, found, ...counted, keyUses, hasApplications, hasReport, newestUse, callers, clients, privileges };
}

type KnownOf = (appId: string) => Known;

async function keyUsesOf(hand: ScanHand, current: ScanInHand): Promise<Map<string, number>> {
  const uses = new Map<string, number>();
  for await (const page of rowsIn(hand, "credential-activities", current) ?? []) {
    for (const [keyId, at] of page) {
      // one key may lie on both objects
      if (at !== undefined) uses.set(keyId, Math.max(at, uses.get(keyId) ?? at));
    }
  }
  return uses;
}

async function addApplications(
  hand: ScanHand,
  current: ScanInHand,
  knownOf: KnownOf,
  keyUses: Map<string, number>,
): Promise<boolean> {
  const rows = rowsIn(hand, "applications", current);
  if (rows === undefined) return false;
  for await (const page of rows) {
    for (const row of page) knownOf(row.appId).application = pack(compact(row, keyUses));
    // what is joined is not held twice
    for (const [keyId] of page.flatMap(({ credentials }) => credentials ?? [])) keyUses.delete(keyId);
  }
  return true;
}

export function used(
  rows: readonly CredentialRow[] | null,
  uses: ReadonlyMap<string, number>,
): readonly UsedCredential[] | null {
  return rows?.map((row) => [row, uses.get(row[0]) ?? null] as const) ?? null;
}

function compact(row: ApplicationRow, uses: ReadonlyMap<string, number>): Compact {
  const { id, audience, createdAt, forUsers, odata, tags, credentials } = row;
  return [id, audience, createdAt, forUsers, odata, tags, used(credentials, uses)];
}

async function addReport(hand: ScanHand, current: ScanInHand, knownOf: KnownOf) {
  const rows = rowsIn(hand, "sign-in-activities", current);
  if (rows === undefined) return { hasReport: false, newestUse: null };
  let newestUse: number | null = null;
  for await (const page of rows) {
    for (const [appId, ...times] of page) {
      knownOf(appId).reported = pack(times);
      for (const at of times) if (at !== null && at > (newestUse ?? 0)) newestUse = at;
    }
  }
  return { hasReport: true, newestUse };
}

/** Notes who has one, and answers how many of them are enabled, and how many of those the report knows. */
async function countPrincipals(hand: ScanHand, current: ScanInHand, knownOf: KnownOf) {
  let [enabled, covered] = [0, 0];
  for await (const page of rowsIn(hand, "service-principals", current) ?? []) {
    for (const row of page) {
      if (row.appId === null) continue;
      const known = knownOf(row.appId);
      known.hasPrincipal = true;
      if (row.enabled !== true || row.type !== "Application" || isMicrosoftTenant(row.owner)) continue;
      enabled += 1;
      if (known.reported !== null) covered += 1;
    }
  }
  return { enabled, covered };
}

async function addHistory({ services, state }: ScanHand, knownOf: KnownOf): Promise<void> {
  if (state.last === null) return;
  const { stores, policy } = services;
  for await (const page of stores.scans.pages(policy.tenantId, verdictsOf(state.last.scanId), "history")) {
    const { data, error } = HistoryRow.array().safeParse(page);
    // what is not remembered is remembered anew, which only makes windows longer
    if (error) services.logger.error("A page of the history of uses cannot be read", { error: describeError(error) });
    for (const row of data ?? []) knownOf(row[0]).history = pack(row);
  }
}

async function grantsOf(hand: ScanHand, current: ScanInHand): Promise<Pick<ScanIndex, "callers" | "clients">> {
  const rows = rowsIn(hand, "delegated-grants", current);
  if (rows === undefined) return { callers: null, clients: null };
  const [callers, clients] = [new Map<string, string[]>(), new Set<string>()];
  for await (const page of rows) {
    for (const [clientId, resourceId] of page) {
      clients.add(clientId);
      const some = callers.get(resourceId) ?? [];
      if (some.length < mostCallers && !some.includes(clientId)) callers.set(resourceId, [...some, clientId]);
    }
  }
  return { callers, clients };
}

async function privilegesOf(hand: ScanHand, current: ScanInHand): Promise<ScanIndex["privileges"]> {
  const held = new Map<string, string[]>();
  const note = (holder: string, what: string) => void held.set(holder, [...(held.get(holder) ?? []), what]);
  const permissions = rowsIn(hand, "graph-permissions", current);
  const roles = rowsIn(hand, "directory-roles", current);
  if (permissions === undefined || roles === undefined) return null;
  for await (const page of permissions) {
    for (const [holder, roleId] of page) {
      const phrase = permissionPhrase(roleId);
      if (phrase !== null) note(holder, phrase);
    }
  }
  for await (const page of roles) for (const [holder, roleId] of page) note(holder, rolePhrase(roleId));
  return held;
}
