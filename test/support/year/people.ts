/** The people of the town: who approves, who keeps, who brings back. */
import { identityKey } from "../../../shared/domain/identity.ts";
import type { Retirement } from "../../../shared/domain/retirement.ts";
import { decideStage } from "../../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan } from "../../../shared/engine/people/find-plan.ts";
import { requestRestore } from "../../../shared/engine/unused/life/restore.ts";
import { sayWord } from "../../../shared/engine/unused/words/say-word.ts";
import { listRuns } from "../list-runs.ts";
import type { MemoryData } from "../memory-stores.ts";
import type { Engine } from "./engine.ts";
import { dayOf, type Member, type Town, useNow } from "./town.ts";

const approvers = ["ada (0b000000-0000-4000-8000-000000000001)", "bob (0b000000-0000-4000-8000-000000000002)"] as const;

/** Both say yes to whatever waits for somebody, but for what nobody cares about. */
export async function approveAll({ approved, process: { services }, world }: Engine, { members }: Town): Promise<void> {
  if (!isWaiting(world.data)) return;
  const unanswered = members.filter(({ of }) => of.unanswered).map(({ appId }) => appId);
  for (const run of await listRuns(services)) {
    if (unanswered.some((appId) => run.identity.includes(appId))) continue;
    for (const { stage, status } of run.stages) {
      if (status !== "waiting") continue;
      for (const by of approvers) {
        const found = await findPlan(services, run.planId);
        // the second is not asked where one is enough
        await decideStage(services, found, stage, "approve", { by, reason: "nobody needs it" }).catch(() => undefined);
      }
      approved.add(`${run.identity} ${run.playbook}`);
    }
  }
}

/** Most days nobody is asked, and reading every run takes its time. */
function isWaiting({ identities }: MemoryData): boolean {
  return [...identities.values()].some((rows) =>
    [...rows].some(([key, { json }]) => key.startsWith("stage|") && json.includes('"status":"waiting"')),
  );
}

/** What somebody does about a retirement on the day on which they do it. */
export async function react(engine: Engine, town: Town, member: Member, retirement: Retirement): Promise<void> {
  const { services } = engine.process;
  const now = services.clock.now();
  const days = dayOf(now) - dayOf(Date.parse(retirement.since));
  for (const { on, afterDays, does } of member.of.reactions ?? []) {
    if (on !== retirement.state || days !== afterDays) continue;
    if (does === "use") useNow(member, now);
    if (does === "keep") await keep(engine, town, member, now);
    if (does === "restore") {
      const key = identityKey(town.twin.tenantId, member.appId);
      await requestRestore(services, key, { by: approvers[0], reason: "we do need it" });
    }
  }
}

async function keep({ process: { services } }: Engine, { twin, tenant }: Town, member: Member, now: number) {
  await sayWord(services, {
    tenantId: twin.tenantId,
    appId: member.appId,
    kind: "keep",
    by: `olga@contoso.example (${tenant.owner.id})`,
    reason: "the audit wants it",
    at: new Date(now).toISOString(),
    until: null,
    asOwner: true,
  });
}
