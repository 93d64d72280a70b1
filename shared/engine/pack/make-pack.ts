/**
 * Makes the evidence pack of an incident. This room holds what belongs to that: reading the rows without stumbling over edited ones
 * (`find-incident`, `sound-rows`), the sections (`plans-of`, `approvals-of`, `still-open`, `ledger-of`, `problems-in`), the form
 * and the signature of the file (`form`, `sign-pack`), and the page for people (`page/`).
 */
import { type Caller, signatureOf } from "../../domain/caller.ts";
import { describeError, TerminalError } from "../../domain/errors.ts";
import type { EvidencePack, EvidenceSections } from "../../domain/evidence-pack.ts";
import { refOfKey, tenantOf } from "../../domain/identity.ts";
import type { LedgerEntry } from "../../domain/ledger.ts";
import { isoAt } from "../../ports/clock.ts";
import { relatedIncidents } from "../incident/links.ts";
import { findingsOf } from "../incident/plan-findings.ts";
import type { TableServices } from "../people/find-plan.ts";
import { asStored } from "../rows/chain.ts";
import { type Partition, read } from "../rows/partition.ts";
import { IdentityRecord, KindRow, rowKey } from "../rows/rows.ts";
import { type FoundIncident, findIncident } from "./find-incident.ts";
import { ledgerOf } from "./ledger-of.ts";
import { plansIn } from "./plans-of.ts";
import { alteredPlans, problemsOf } from "./problems-in.ts";
import { signPack } from "./sign-pack.ts";
import type { PackProblem } from "./sound-rows.ts";
import { notExaminedIn, residualIn } from "./still-open.ts";
import { againstLedger, lostCancellations, lostDecisions, withEndings } from "./told-by-ledger.ts";

/** Throws TerminalError `no-such-incident`, and RetryableError when storage cannot be read. */
export async function makePack(
  services: TableServices,
  incidentId: string,
  caller: Pick<Caller, "id" | "name">,
  app: { readonly name: string; readonly version: string },
): Promise<EvidencePack> {
  const made = { at: isoAt(services.clock.now()), by: signatureOf(caller), app: app.name, version: app.version };
  let sections = await sectionsOf(services, await findIncident(services, incidentId), incidentId, made);
  for (let again = 1; again < looks && sections.problems.length > 0; again++) {
    sections = await sectionsOf(services, await findIncident(services, incidentId), incidentId, made);
  }
  return signPack(services.signer, sections);
}

/** The writer may be at work between two reads; what somebody edited is still there at the next. */
const looks = 3;

async function sectionsOf(
  services: TableServices,
  found: FoundIncident,
  incidentId: string,
  made: EvidenceSections["made"],
): Promise<EvidenceSections> {
  const { partition } = found;
  const [rows, altered, ledger, related] = await Promise.all([
    plansIn(services.signer, partition, incidentId),
    alteredPlans(services.signer, partition),
    ledgerOf(services, partition, incidentId),
    relatedTo(services, partition, incidentId),
  ]);
  const plans = withEndings(rows, ledger.entries);
  const findings = findingsOf(partition, incidentId).toSorted((a, b) => a.receivedAt.localeCompare(b.receivedAt));
  const identity = identityOf(found);
  const problems = [
    ...[found, ledger, related].flatMap((part) => part.problems),
    ...altered,
    ...problemsOf(plans, findings),
    ...againstLedger(plans, ledger.entries),
    ...lostDecisions(plans, ledger.entries),
    ...lostCancellations(partition, ledger.entries),
  ];
  return {
    // the ledger is what was hashed when it happened: not one character of it is ours to mend
    ...mended({
      made,
      incident: incidentOf(found, incidentId),
      identity,
      problems,
      findings,
      plans: [...plans],
      residualAccess: [...residualIn(plans, identity.kind ?? "unknown")],
      reports: reportsIn(ledger.entries),
      notExamined: [...notExaminedIn(plans)],
      related: related.incidents.map(({ why, ...one }) => ({ ...one, why: [...why] })),
    }),
    ledger: [...ledger.entries],
    heads: [...ledger.heads],
  };
}

/** Rows may hold half a surrogate pair, which no canonical text takes. */
function mended<T>(sections: T): T {
  return asStored(sections) as T;
}

function incidentOf({ incident }: FoundIncident, id: string): EvidenceSections["incident"] {
  if (incident === null) {
    return { id, status: "unreadable", severity: null, openedAt: null, closedAt: null, closedBecause: null };
  }
  const { status, severity, openedAt, closedAt, closedBecause } = incident;
  return { id, status, severity, openedAt, closedAt, closedBecause };
}

function identityOf({ partition, incident }: FoundIncident): EvidenceSections["identity"] {
  const { key } = partition;
  const record = read(partition, rowKey.identity, IdentityRecord);
  const known = read(partition, rowKey.kind, KindRow);
  const { appId, servicePrincipalId, applicationObjectId } = record?.ref ?? incident?.identity ?? refOfKey(key);
  return {
    ...{ key, tenantId: tenantOf(key), appId, servicePrincipalId, applicationObjectId },
    kind: known?.kind ?? null,
    kindReadAt: known?.readAt ?? null,
    claimedName: record?.claimedName ?? null,
  };
}

/** Incidents of others may have been edited, too. */
async function relatedTo({ stores }: TableServices, partition: Partition, incidentId: string) {
  try {
    return { incidents: await relatedIncidents(stores, partition, incidentId), problems: [] };
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    const problem: PackProblem = {
      where: "related",
      what: `related incidents cannot be read: ${describeError(error)}`,
    };
    return { incidents: [], problems: [problem] };
  }
}

/** What people were told when a stage was verified, taken back, or found contrary. */
function reportsIn(entries: readonly LedgerEntry[]): EvidenceSections["reports"] {
  return entries.flatMap(({ at, seq, event, data }) => {
    const { report } = data;
    const sentences = Array.isArray(report) ? report.filter((line) => typeof line === "string") : [];
    return sentences.length === 0 ? [] : [{ at, seq, event, sentences }];
  });
}
