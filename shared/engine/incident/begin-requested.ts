/** What people asked to start for one identity: each signed request becomes a finding, and a plan that somebody else decides. */
import type { StartRequest } from "../../domain/approval.ts";
import { hasRole } from "../../domain/caller.ts";
import type { Finding } from "../../domain/finding.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import { hashId } from "../../domain/ids.ts";
import { isTierZero } from "../../guardrails/tier-zero.ts";
import { fits, parametersFor } from "../../playbooks/playbook.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import { outrankedBecause } from "../people/outranked.ts";
import { signedStart, startKey } from "../people/requests/start-by-person.ts";
import { playbooks } from "../registry.ts";
import { loadPartition, type Partition } from "../rows/partition.ts";
import { rowKey, type StartOutcome, StartRow } from "../rows/rows.ts";
import type { Facts } from "../snapshot/read-facts.ts";
import { fileFinding } from "./file-finding.ts";
import { planMadeOf } from "./plan-findings.ts";
import { refuseAltered } from "./refuse-altered.ts";
import { type Asked, settleRequested } from "./settle-requested.ts";

/** Requests that hold and wait: signed by us, and lying where they were put. Of any other, people are told that it is not followed. */
export async function startsIn(services: Services, partition: Partition): Promise<readonly Asked[]> {
  const prefix = rowKey.start("");
  const rows = [...partition.rows.values()].filter(({ key }) => key.startsWith(prefix));
  const held: Asked[] = [];
  const altered: string[] = [];
  for (const { key, value } of rows) {
    const id = key.slice(prefix.length);
    const row = StartRow.safeParse(value).data;
    if (row?.outcome !== undefined) continue;
    const request = row === undefined ? "altered" : await signedStart(services.signer, row);
    if (request !== "altered" && isForHere(services, partition, request)) held.push({ id, request });
    else altered.push(id);
  }
  await refuseAltered(services, partition, altered);
  return held;
}

function isForHere({ policy }: Services, { key }: Partition, request: StartRequest): boolean {
  return request.tenantId === policy.tenantId && startKey(request) === key;
}

/** `facts`: of the identity under whose key `at` the finding is filed. The requests in `from` have their outcome afterwards. */
export async function beginRequested(
  services: Services,
  from: Partition,
  asked: readonly Asked[],
  at: IdentityKey,
  facts: Facts,
): Promise<boolean> {
  const outcomes: StartOutcome[] = [];
  for (const one of asked) {
    const why = whyNot(services, one.request, facts);
    outcomes.push(why === null ? await begin(services, one, at, facts) : refusal(services, why));
  }
  return settleRequested(services, from, asked, outcomes);
}

/** Nobody could be found whom they are about. */
export function dropRequested(services: Services, from: Partition, asked: readonly Asked[], why: string) {
  return settleRequested(
    services,
    from,
    asked,
    asked.map(() => refusal(services, why)),
  );
}

function refusal({ clock }: Services, why: string): StartOutcome {
  return { state: "refused", why, at: isoAt(clock.now()) };
}

function whyNot({ clock, policy }: Services, request: StartRequest, facts: Facts): string | null {
  const { playbook: id, expiresAt, parameters } = request;
  const playbook = playbooks.get(id);
  if (Date.parse(expiresAt) <= clock.now()) return `nobody could act on it until ${expiresAt}`;
  if (playbook?.manual !== true) return `this version has no playbook ${id} that a person may start`;
  if (!parametersFor(playbook, parameters).success) return `this version's ${id} does not take those parameters`;
  if (!fits(playbook, facts.kind)) return `${id} is not for a ${facts.kind} identity, which is what Graph says it is`;
  const isOutranked = isTierZero({ facts, policy }) === true && !hasRole(request, "Tourniquet.Admin");
  return isOutranked ? outrankedBecause("the policy calls it so, or it holds what can take the tenant") : null;
}

async function begin(services: Services, asked: Asked, at: IdentityKey, facts: Facts): Promise<StartOutcome> {
  const finding = findingOf(services, at, asked, facts);
  await fileFinding(services, at, finding);
  const partition = await loadPartition(services.stores.identities, at);
  const filed = { identity: at, at: isoAt(services.clock.now()) };
  const made = planMadeOf(partition, finding.id);
  return made === null
    ? { state: "nothing-to-do", ...filed }
    : { state: "planned", planId: made.id, incidentId: made.incidentId, ...filed };
}

function findingOf({ clock }: Services, key: IdentityKey, { id, request }: Asked, facts: Facts): Finding {
  const { playbook, parameters, mode, by, reason, at } = request;
  const isDry = mode === "observe";
  return {
    id: hashId(key, "manual", id),
    detection: "manual",
    severity: isDry ? "informational" : "medium",
    ceiling: "approve",
    title: `${playbook} was asked for by ${by}${isDry ? ", as a dry run" : ""}`,
    subject: facts.identity,
    claimedName: facts.servicePrincipal?.displayName ?? facts.application?.displayName ?? null,
    actorId: null,
    dedupeBy: id,
    details: { about: "manual", by, reason, playbook, parameters, mode },
    warrant: { category: "Manual", recordId: id, correlationId: null, activityAt: at, raisedAt: at },
    receivedAt: isoAt(clock.now()),
  };
}
