/** `groups …`: what the blast radius holds back, as one frozen list that people approve at once. */
import { TerminalError } from "../../shared/domain/errors.ts";
import { findPlan, type PersonsWord, type TableServices } from "../../shared/engine/people/decide-by-person.ts";
import {
  approveGroup,
  findGroup,
  freezeGroup,
  type Group,
  type GroupDecision,
  listGroups,
} from "../../shared/engine/people/groups.ts";
import { approvedSoFar } from "./approved-so-far.ts";

export async function groupsList(
  services: TableServices,
): Promise<{ readonly waiting: string | null; readonly groups: readonly Group[] }> {
  const waiting = await freezeGroup(services);
  return { waiting: waiting?.id ?? null, groups: await listGroups(services) };
}

export function showGroups({ waiting, groups }: Awaited<ReturnType<typeof groupsList>>): string {
  if (groups.length === 0) return "Nothing waits because of the blast radius.";
  const lines = groups.map(({ id, madeAt, members }) => {
    const now = id === waiting ? "  <- what waits now" : "";
    return `${id}  ${madeAt.slice(0, 19).replace("T", " ")}  ${members.length} plans${now}`;
  });
  return lines.join("\n");
}

export function showGroup({ id, madeAt, members }: Group): string {
  return [
    `Group ${id}, frozen at ${madeAt}: ${members.length} plans`,
    ...members.flatMap(({ identity, planId, planHash, playbook, stage, requests }) => [
      `${planId} (${playbook}, ${stage}, hash ${planHash}) ${identity}`,
      ...requests.map((request) => `    ${request}`),
    ]),
  ].join("\n");
}

interface GroupAnswer extends GroupDecision {
  /** how far the first of the plans is: all of them are given the same words */
  readonly soFar: string;
}

/** Throws TerminalError when nothing of the list could be approved. */
export async function groupsApprove(services: TableServices, id: string, word: PersonsWord): Promise<GroupAnswer> {
  const group = await findGroup(services, id);
  const { by, reason } = word;
  const decided = await approveGroup(services, group, { by, reason });
  const one = group.members.find(({ planId }) => decided.approved.includes(planId));
  if (one !== undefined) {
    const found = await findPlan(services, one.planId);
    return { ...decided, soFar: await approvedSoFar(services, found, { by, stage: one.stage }) };
  }
  const [first] = decided.skipped;
  throw new TerminalError(`nothing of group ${id} could be approved: ${first?.why}`, { code: "nothing-approved" });
}

export function showDecision({ approved, skipped, soFar }: GroupAnswer): string {
  return [
    `${approved.length} plans are ${soFar}; the writer is woken within 10 s.`,
    ...skipped.map(({ planId, why }) => `  skipped ${planId}: ${why}`),
  ].join("\n");
}
