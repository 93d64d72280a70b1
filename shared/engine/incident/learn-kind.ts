/** Looks what kind of identity it is, where a finding or a person's request waits for that, and lets them go on. */
import type { DueMessage } from "../../domain/due.ts";
import { refOfKey } from "../../domain/identity.ts";
import type { Services } from "../../ports/services.ts";
import { deferLook } from "../evidence/defer-look.ts";
import { done, type Next } from "../judge/stage-context.ts";
import { historyMs } from "../rows/expiry.ts";
import { nameOf, tell } from "../rows/notices.ts";
import { Draft, loadPartition, type Partition, readAll } from "../rows/partition.ts";
import { FindingRow, rowKey } from "../rows/rows.ts";
import type { Writer } from "../run/writer.ts";
import { type Facts, readFacts } from "../snapshot/read-facts.ts";
import { adoptKind, openIncident, waitsForKind } from "./adopt-kind.ts";
import { beginRequested, startsIn } from "./begin-requested.ts";
import { rememberKind } from "./known-kind.ts";

type ResolveMessage = Extract<DueMessage, { kind: "resolve" }>;

const soonMs = 1_000;

/** Whoever can send to the hub may name any identity: Graph is asked only where something waits for it. */
export async function learnKind({ services }: Writer, { identity: key }: ResolveMessage): Promise<Next> {
  const partition = await loadPartition(services.stores.identities, key);
  const asked = await startsIn(services, partition);
  const waits = waitsForKind(partition);
  if (!waits && asked.length === 0) return { ...done, partition };
  const again: Next = { wakeAt: services.clock.now() + soonMs };
  const facts = await readFacts(services, refOfKey(key));
  if (facts.retryAfterMs !== null) return { wakeAt: services.clock.now() + Math.max(5_000, facts.retryAfterMs) };
  if (facts.kind === "unknown") {
    const wakeAt = deferLook(services, [...arrivals(partition), ...asked.map(({ request }) => request.at)]);
    if (wakeAt !== null) return { wakeAt, partition };
    if (waits && !(await tellUnknown(services, partition))) return again;
  } else if (!(await adoptAndRemember(services, partition, facts))) return again;
  if (!(await beginRequested(services, partition, asked, key, facts))) return again;
  return { ...done, partition: await loadPartition(services.stores.identities, key) };
}

/** False: somebody else changed the rows. */
export async function adoptAndRemember(services: Services, partition: Partition, facts: Facts): Promise<boolean> {
  const adopted = await adoptKind(services, partition, facts);
  if (adopted !== "nothing") return adopted === "changed";
  const draft = new Draft(partition);
  rememberKind(draft, facts);
  return draft.commit(services.stores.identities);
}

function arrivals(partition: Partition): readonly string[] {
  const incident = openIncident(partition);
  return readAll(partition, "finding|", FindingRow)
    .filter(({ value }) => value.incidentId === incident?.id)
    .map(({ value }) => value.finding.receivedAt);
}

/** The last look is over, and nobody can say what it is: no playbook is right, and a person hears of it. */
function tellUnknown(services: Services, partition: Partition): Promise<boolean> {
  const incident = openIncident(partition);
  if (incident === null) return Promise.resolve(true);
  const now = services.clock.now();
  const draft = new Draft(partition);
  draft.put(rowKey.incident(incident.id), incident, now + historyMs);
  tell(
    draft,
    {
      event: "identity.unknown",
      about: [incident.id],
      severity: "high",
      urgency: "page",
      identity: incident.identity,
      incidentId: incident.id,
      message: `Graph does not say what kind of identity this is, so some findings have no plan; a person must look: ${nameOf(incident.identity, null)}`,
    },
    now,
  );
  return draft.commit(services.stores.identities);
}
