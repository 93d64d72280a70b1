/** `groups …`: what the blast radius holds back, as one frozen list that people approve at once. */
import { TerminalError } from "../../shared/domain/errors.ts";
import type { PersonsWord, TableServices } from "../../shared/engine/decide-by-person.ts";
import {
  approveGroup,
  findGroup,
  freezeGroup,
  type Group,
  type GroupDecision,
  listGroups,
} from "../../shared/engine/groups.ts";

const bulk = 10;

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

export async function groupsApprove(services: TableServices, id: string, word: PersonsWord): Promise<GroupDecision> {
  const group = await findGroup(services, id);
  const { by, reason } = word;
  const decided = await approveGroup(services, group, { by, reason });
  if (decided.approved.length > 0 || group.members.length === 0) return decided;
  const [first] = decided.skipped;
  throw new TerminalError(`nothing of group ${id} could be approved: ${first?.why}`, { code: "nothing-approved" });
}

export function showDecision({ approved, skipped }: GroupDecision, services: TableServices): string {
  const isBulk =
    approved.length + skipped.length > bulk && services.policy.approvals.twoPeople.includes("bulk-over-10");
  return [
    `${approved.length} plans are approved; the writer is woken within 10 s.`,
    ...(isBulk
      ? [`A list of more than ${bulk} plans takes two people: it runs when somebody else has approved it, too.`]
      : []),
    ...skipped.map(({ planId, why }) => `  skipped ${planId}: ${why}`),
  ].join("\n");
}
