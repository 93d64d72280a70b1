/** Counts what a replay meets, in bounded room: what is open is held until its incident closes, and counted then. */
import type { StoredDeadLetter } from "../../../shared/domain/dead-letter.ts";
import type { Finding } from "../../../shared/domain/finding.ts";
import { isUnresolved } from "../../../shared/domain/identity.ts";
import { nameUnder } from "../../../shared/engine/rows/notices.ts";
import { FindingRow } from "../../../shared/engine/rows/rows.ts";
import type { Change } from "../../../shared/ports/stores.ts";
import { Counter, NamedCounter } from "./counter.ts";
import { type Decision, type Verdict, verdicts } from "./decision.ts";

/** Days that claimed times can spread over; what is beyond is counted with the last. */
const mostDays = 5_000;

export type Counts = Record<Verdict, number>;

export interface Tally {
  readonly findingsByDay: ReadonlyMap<string, Counter>;
  readonly identities: NamedCounter;
  readonly toldOnly: Counter;
  readonly reasons: Counter;
  readonly needsTenant: Counter;
  readonly ignored: Counter;
  readonly stages: ReadonlyMap<string, Counts>;
  readonly deadLetters: ReadonlyMap<string, { count: number; first: string }>;
  readonly byObjectId: number;
  readonly findings: number;
  readonly incidents: number;
  /** Answers the findings among the changes. */
  committed(key: string, changes: readonly Change[]): readonly Finding[];
  deadLetter(letter: StoredDeadLetter): void;
  decided(incidentId: string, stage: string, decision: Decision): void;
  closed(incidentId: string): void;
  /** Everything that is still open, at the end. */
  closeAll(): void;
  knownByObjectId(key: string): void;
}

export function createTally(): Tally {
  return new Tallied();
}

class Tallied implements Tally {
  readonly findingsByDay = new Map<string, Counter>();
  readonly identities = new NamedCounter();
  readonly toldOnly = new Counter();
  readonly reasons = new Counter();
  readonly needsTenant = new Counter();
  readonly ignored = new Counter();
  readonly stages = new Map<string, Counts>();
  readonly deadLetters = new Map<string, { count: number; first: string }>();
  readonly #byObjectId = new Set<string>();
  readonly #open = new Map<string, Map<string, Decision>>();
  findings = 0;
  incidents = 0;

  get byObjectId(): number {
    return this.#byObjectId.size;
  }

  /** What lies under an id that nobody knows is counted when it is filed with somebody. */
  committed(key: string, changes: readonly Change[]): readonly Finding[] {
    if (isUnresolved(key)) return [];
    const created = changes.filter((change) => change.op === "create");
    const isPlanned = created.some((change) => change.key.startsWith("plan|"));
    if (created.some((change) => change.key.startsWith("incident|"))) this.incidents += 1;
    const findings = created.flatMap((change) => {
      const row = change.key.startsWith("finding|") ? FindingRow.safeParse(change.value) : null;
      return row?.success === true ? [row.data.finding] : [];
    });
    for (const finding of findings) this.#found(key, finding, isPlanned);
    return findings;
  }

  #found(key: string, finding: Finding, isPlanned: boolean): void {
    this.findings += 1;
    const day = this.#dayOf(finding.receivedAt);
    const counter = this.findingsByDay.get(day) ?? new Counter();
    this.findingsByDay.set(day, counter);
    counter.add(finding.detection);
    this.identities.add(key, shown(nameUnder(key, finding.subject, finding.claimedName)));
    if (!isPlanned) this.toldOnly.add(finding.detection);
  }

  #dayOf(time: string): string {
    const day = time.slice(0, 10);
    return this.findingsByDay.has(day) || this.findingsByDay.size < mostDays ? day : "later";
  }

  deadLetter({ reason, detail, origin }: StoredDeadLetter): void {
    const known = this.deadLetters.get(reason);
    if (known !== undefined) known.count += 1;
    else this.deadLetters.set(reason, { count: 1, first: `${origin.hub}, record ${origin.sequenceNumber}: ${detail}` });
  }

  /** The furthest that a stage would have gone counts, on the day on which it would. */
  decided(incidentId: string, stage: string, decision: Decision): void {
    const ofIncident = this.#open.get(incidentId) ?? new Map<string, Decision>();
    this.#open.set(incidentId, ofIncident);
    const known = ofIncident.get(stage);
    if (known === undefined || furtherness[decision.verdict] > furtherness[known.verdict])
      ofIncident.set(stage, decision);
  }

  closed(incidentId: string): void {
    for (const decision of this.#open.get(incidentId)?.values() ?? []) this.#count(decision);
    this.#open.delete(incidentId);
  }

  closeAll(): void {
    for (const incidentId of [...this.#open.keys()]) this.closed(incidentId);
  }

  #count({ day, playbook, stage, verdict, reasons, needsTenant }: Decision): void {
    const name = [day, playbook, stage].join("|");
    const counts = this.stages.get(name) ?? noCounts();
    this.stages.set(name, counts);
    counts[verdict] += 1;
    for (const reason of reasons) this.reasons.add(`${verdict}|${withoutParticulars(reason)}`);
    for (const guardrail of needsTenant) this.needsTenant.add(guardrail);
  }

  knownByObjectId(key: string): void {
    if (this.#byObjectId.size < 100_000) this.#byObjectId.add(key);
  }
}

const furtherness: Readonly<Record<Verdict, number>> = { unknown: 0, refused: 1, report: 2, ask: 3, run: 4 };

export function noCounts(): Counts {
  return Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Counts;
}

/** So that the same reason for different identities is one; the ids of the policy's own lines stay. */
function withoutParticulars(reason: string): string {
  if (reason.startsWith("policy line ")) return reason;
  const ids = reason.replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi, "…");
  return ids.replaceAll(/\b\d+(?= (?:minutes|disabled|findings))/g, "N");
}

/** Names are text that an attacker chooses: no control characters, and nothing that turns what a terminal shows around. */
export function shown(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "·").slice(0, 240);
}
