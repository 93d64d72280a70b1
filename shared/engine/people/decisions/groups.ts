/**
 * What the blast radius holds back waits as one group that people approve at once. A group is a frozen list: the very plans, their
 * hashes and what would be sent, signed; its id is a hash of it. Nothing that is not on the list is approved by it.
 */
import pLimit from "p-limit";
import { z } from "zod";
import { describeError, TerminalError } from "../../../domain/errors.ts";
import { hashId } from "../../../domain/ids.ts";
import { StageName } from "../../../domain/plan.ts";
import { idsOf } from "../../../guardrails/guardrail.ts";
import { isoAt } from "../../../ports/clock.ts";
import { groupsKey, isHeldByBlastRadius } from "../../judge/group-waits.ts";
import { shortMs } from "../../rows/expiry.ts";
import { Draft, loadPartition, type Partition } from "../../rows/partition.ts";
import { readPlan, stageRow, stepRow, stepsOf } from "../../rows/plans.ts";
import { StageRow } from "../../rows/rows.ts";
import { signedRows } from "../../rows/signed-rows.ts";
import type { PersonsWord, TableServices } from "../find-plan.ts";
import { whyOutranked } from "../outranked.ts";
import { decideStage } from "./decide-by-person.ts";

export const GroupMember = z.strictObject({
  identity: z.string(),
  planId: z.string(),
  stage: StageName,
  planHash: z.string(),
  playbook: z.string(),
  /** exactly what would be sent */
  requests: z.array(z.string()),
});
export type GroupMember = z.infer<typeof GroupMember>;

const Group = z.strictObject({
  tenantId: z.string(),
  id: z.string(),
  madeAt: z.string(),
  members: z.array(GroupMember),
});
export type Group = z.infer<typeof Group>;

const inFlight = 16;
const rowPrefix = "group|";

/** Freezes what waits now, unless that very list is there already. Null: nothing waits. */
export async function freezeGroup(services: TableServices): Promise<Group | null> {
  const { clock, policy, signer, stores } = services;
  const members = await waitingMembers(services);
  if (members.length === 0) return null;
  const id = hashId(...members.map((member) => JSON.stringify(member)));
  const now = clock.now();
  const group: Group = { tenantId: policy.tenantId, id, madeAt: isoAt(now), members: [...members] };
  const partition = await loadPartition(stores.identities, groupsKey(policy.tenantId));
  if (partition.rows.has(rowPrefix + id)) return findGroup(services, id);
  const payload = JSON.stringify(group);
  const row = { payload, signature: await signer.sign(payload) };
  const isWritten = await new Draft(partition).put(rowPrefix + id, row, now + shortMs).commit(stores.identities);
  return isWritten ? group : findGroup(services, id);
}

async function waitingMembers(services: TableServices): Promise<readonly GroupMember[]> {
  const found: { readonly identity: string; readonly planId: string; readonly stage: StageName }[] = [];
  for await (const { identity, row } of services.stores.identities.list("stage|")) {
    const stage = StageRow.safeParse(row.value);
    const [, planId = "", name] = row.key.split("|");
    const named = StageName.safeParse(name).data;
    const isWaiting = stage.data?.status === "waiting" && isHeldByBlastRadius(stage.data.reasons);
    if (isWaiting && named !== undefined) found.push({ identity, planId, stage: named });
  }
  const limit = pLimit(inFlight);
  const members = await Promise.all(
    found.map(({ identity, planId, stage }) =>
      limit(async () => {
        const partition = await loadPartition(services.stores.identities, identity);
        return memberOf(services, partition, planId, stage).catch(unreadable);
      }),
    ),
  );
  return members.flatMap((member) => member ?? []).sort((a, b) => a.planId.localeCompare(b.planId));
}

/** A row that somebody edited keeps no other plan from the list. */
function unreadable(error: unknown): null {
  if (error instanceof TerminalError && error.code === "row-malformed") return null;
  throw error;
}

async function memberOf(
  services: TableServices,
  partition: Partition,
  planId: string,
  stage: StageName,
): Promise<GroupMember | null> {
  const stored = await readPlan(partition, planId, services.signer);
  if (stored === null || stored === "altered") return null;
  const requests = stepsOf(stored.plan, stage).flatMap(({ index }) => stepRow(partition, planId, index).requests);
  const { hash: planHash, plan } = stored;
  return { identity: partition.key, planId, stage, planHash, playbook: plan.playbook, requests };
}

/** Throws TerminalError when there is no such list, or when it is not what we signed. */
export async function findGroup(services: TableServices, id: string): Promise<Group> {
  const groups = await listGroups(services);
  const group = groups.find((one) => one.id === id);
  if (group !== undefined) return group;
  throw new TerminalError(`there is no group ${id}; \`groups list\` shows those there are`, { code: "no-such-group" });
}

/** Newest first; a list that was altered after it was signed is nobody's. */
export async function listGroups({ policy, signer, stores }: TableServices): Promise<readonly Group[]> {
  const partition = await loadPartition(stores.identities, groupsKey(policy.tenantId));
  const groups = await Promise.all(
    signedRows(partition, rowPrefix).map(async ({ id, value }) => {
      if (!(await signer.verify(value.payload, value.signature))) return null;
      const group = Group.safeParse(JSON.parse(value.payload));
      return group.data?.id === id && group.data.tenantId === policy.tenantId ? group.data : null;
    }),
  );
  return groups.flatMap((group) => group ?? []).sort((a, b) => b.madeAt.localeCompare(a.madeAt));
}

export interface GroupDecision {
  readonly approved: readonly string[];
  /** what changed since the list was frozen, or does not wait any more */
  readonly skipped: readonly { readonly planId: string; readonly why: string }[];
}

/** One signed approval for every plan of the list that is still as it was frozen; doing it again does the rest. */
export async function approveGroup(
  services: TableServices,
  group: Group,
  word: Omit<PersonsWord, "group">,
): Promise<GroupDecision> {
  const limit = pLimit(inFlight);
  const results = await Promise.all(
    group.members.map((member) =>
      limit(async () => ({ member, why: await approveMember(services, group, member, word) })),
    ),
  );
  return {
    approved: results.filter(({ why }) => why === null).map(({ member }) => member.planId),
    skipped: results.flatMap(({ member, why }) => (why === null ? [] : [{ planId: member.planId, why }])),
  };
}

/** Null: approved. Else why not; what storage could not do now is thrown. */
async function approveMember(
  services: TableServices,
  group: Group,
  member: GroupMember,
  word: Omit<PersonsWord, "group">,
): Promise<string | null> {
  const partition = await loadPartition(services.stores.identities, member.identity);
  const stored = await readPlan(partition, member.planId, services.signer);
  if (stored === null || stored === "altered") return "its row is gone or was altered";
  if (stored.hash !== member.planHash) return "it is not the plan that was frozen";
  const ids = idsOf(stored.plan.identity);
  const outranked = word.roles === undefined ? null : whyOutranked(services, partition, { roles: word.roles }, ids);
  if (outranked !== null) return outranked;
  const now = await memberOf(services, partition, member.planId, member.stage);
  const isWaiting = stageRow(partition, member.planId, member.stage).status === "waiting";
  if (isWaiting && JSON.stringify(now) !== JSON.stringify(member)) return "what would be sent is not what was frozen";
  try {
    const listed = { id: group.id, members: group.members.length };
    await decideStage(services, { partition, stored }, member.stage, "approve", { ...word, group: listed });
    return null;
  } catch (error) {
    if (error instanceof TerminalError) return describeError(error);
    throw error;
  }
}
