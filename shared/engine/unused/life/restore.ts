/**
 * Brings back what retiring an identity took: one signed undo over everything that its retire plans did and nobody took back yet, the last
 * change first, so that the objects come out of the bin before what they held. One operator; the disable comes back whatever holds the rest.
 */
import { TerminalError } from "../../../domain/errors.ts";
import type { IdentityKey } from "../../../domain/identity.ts";
import { Incident } from "../../../domain/incident.ts";
import { hasEnded, type Plan } from "../../../domain/plan.ts";
import type { PersonsWord, TableServices } from "../../people/find-plan.ts";
import { loadPartition, type Partition, readAll } from "../../rows/partition.ts";
import { plansOf, readPlan, stageRow } from "../../rows/plans.ts";
import { refuseGranting, type Taken, undoPlanOf, undosOf, writeUndo } from "../../undo/undo-plan.ts";
import { undoScope } from "../../undo/undo-scope.ts";
import { retires } from "./course.ts";

/** What a person sees before it runs. */
export interface RestorePreview {
  /** in the order in which they will be taken back */
  readonly takes: readonly {
    readonly planId: string;
    readonly index: number;
    readonly action: string;
    /** ISO 8601 UTC, of the change */
    readonly at: string | null;
  }[];
  /** what of them never comes back, one phrase each */
  readonly lost: readonly string[];
  /** what was done and cannot be taken back at all, one phrase each */
  readonly stays: readonly string[];
}

export interface RequestedRestore extends RestorePreview {
  /** the undo's own plan */
  readonly planId: string;
}

const tries = 3;

/** Throws TerminalError `nothing-done` when there is nothing (more) to bring back, `under-way` while somebody is at it. */
export async function previewRestore(services: TableServices, key: IdentityKey): Promise<RestorePreview> {
  return shown(await askFor(services, await loadPartition(services.stores.identities, key)));
}

/**
 * Signs it and wakes the writer. Throws TerminalError as above, `outranked` where more than our own disable would come back, and
 * `conflict` when the rows never stood still.
 */
export async function requestRestore(
  services: TableServices,
  key: IdentityKey,
  word: PersonsWord,
): Promise<RequestedRestore> {
  for (let i = 0; i < tries; i++) {
    const partition = await loadPartition(services.stores.identities, key);
    const asked = await askFor(services, partition);
    refuseGranting(services, partition, asked.newest.identity, word, asked.takes);
    const plan = undoPlanOf(services, partition, asked.newest, word, asked.takes, asked.earlier);
    if (await writeUndo(services, partition, plan)) return { ...shown(asked), planId: plan.id };
  }
  throw new TerminalError("others changed the same rows at the same moments; ask again", { code: "conflict" });
}

interface Asked extends Omit<RestorePreview, "takes"> {
  readonly takes: readonly Taken[];
  readonly newest: Plan;
  /** undo plans of the newest plan that were signed before */
  readonly earlier: readonly Plan[];
}

function shown({ takes, lost, stays }: Asked): RestorePreview {
  const seen = takes.map(({ planId, index, action, row }) => ({
    planId,
    index,
    action: action.id,
    at: row.outcome?.at ?? row.intendedAt,
  }));
  return { takes: seen, lost, stays };
}

async function askFor(services: TableServices, partition: Partition): Promise<Asked> {
  const plans = await retirePlans(services, partition);
  const undos = await Promise.all(
    plans.map((plan) =>
      undosOf(
        services,
        partition,
        plan.incidentId,
        plans.map(({ id }) => id),
      ),
    ),
  );
  const known = new Map(undos.flat().map((plan) => [plan.id, plan]));
  const underWay = [...known.values()].filter(({ id }) => !hasEnded(stageRow(partition, id, "undo").status));
  const busy = underWay.flatMap(({ steps }) => steps.flatMap(({ undoes }) => undoes ?? []));
  const scopes = plans.map((plan) => {
    const mine = busy.filter(({ planId }) => planId === plan.id).map(({ index }) => index);
    return { plan, scope: undoScope(partition, plan, null, new Set(mine)) };
  });
  const takes = scopes.flatMap(({ plan, scope }) => scope.takes.map((one): Taken => ({ ...one, planId: plan.id })));
  const stays = scopes.flatMap(({ scope }) => scope.stays);
  const [newest] = scopes.filter(({ scope }) => scope.takes.length > 0).map(({ plan }) => plan);
  if (newest === undefined) throw nothing(underWay[0], stays);
  const earlier = [...known.values()].filter(({ steps }) => steps.some(({ undoes }) => undoes?.planId === newest.id));
  return { takes, lost: scopes.flatMap(({ scope }) => scope.lost), stays, newest, earlier };
}

function nothing(other: Plan | undefined, stays: readonly string[]): TerminalError {
  if (other !== undefined) {
    const message = `it is being brought back already, by plan ${other.id}, as ${other.requestedBy} asked`;
    return new TerminalError(message, { code: "under-way" });
  }
  const rest = stays.length === 0 ? "" : `; this stays: ${stays.join("; ")}`;
  return new TerminalError(`retiring it has done nothing that could be brought back${rest}`, { code: "nothing-done" });
}

/** Of whatever incident, the newest first; a row that is not as we signed it is nobody's. Credentials of what is used are not among them. */
async function retirePlans({ signer }: TableServices, partition: Partition): Promise<readonly Plan[]> {
  const incidents = readAll(partition, "incident|", Incident).map(({ value }) => value);
  const likely = incidents
    .toSorted((a, b) => b.openedAt.localeCompare(a.openedAt))
    .flatMap(({ id }) => plansOf(partition, id).toReversed())
    .filter(retires);
  const stored = await Promise.all(likely.map(({ id }) => readPlan(partition, id, signer)));
  return stored.flatMap((one) => (one === null || one === "altered" ? [] : [one.plan]));
}
