/** The usual test of the engine: one world, one process, time that passes, and what people do. */
import { identityKey } from "../../shared/domain/identity.ts";
import type { StageName } from "../../shared/domain/plan.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import type { IngestSummary } from "../../shared/engine/ingest/ingest.ts";
import { decideStage } from "../../shared/engine/people/decisions/decide-by-person.ts";
import { findPlan, type TableServices } from "../../shared/engine/people/find-plan.ts";
import { parseWoken, runDue } from "../../shared/engine/run/run-due.ts";
import { sweep } from "../../shared/engine/run/sweep.ts";
import { requestUndo } from "../../shared/engine/undo/undo-by-person.ts";
import type { Notice } from "../../shared/ports/outbox.ts";
import type { FakeClock } from "./fake-clock.ts";
import type { FakeTenant } from "./fake-tenant.ts";
import { leak, tenantId, victim } from "./harness-cast.ts";
import {
  day,
  deliveryOf,
  newWorld,
  type Process,
  policyWith,
  readDependencies,
  startProcess,
  type World,
} from "./harness-world.ts";
import { listRuns, type Run, type RunStage } from "./list-runs.ts";

/** Wake-ups, sweeps and time, until nothing is due any more up to `horizon` (epoch ms). */
export async function settle(world: World, process: Process, horizon: number): Promise<void> {
  for (let turn = 0; turn < 5_000; turn++) {
    if (world.hub.length > 0) {
      const bodies = world.hub;
      world.hub = [];
      await runDue(process.writer, parseWoken(process.services, bodies));
    } else if ((await sweep(process.services)) === 0) {
      const due = await startProcess(world).services.stores.due.all(tenantId);
      const next = Math.min(...due.map(({ wakeAt }) => wakeAt));
      if (next > horizon) {
        await world.clock.advance(Math.max(0, Math.min(horizon - world.clock.now(), 400 * day)));
        return;
      }
      await world.clock.advance(Math.max(0, next - world.clock.now()));
    }
  }
  throw new Error("the engine never comes to rest");
}

/** The usual test: one world, one process, and what people do. */
export class Harness {
  readonly world: World;
  process: Process;

  constructor(world: World = newWorld()) {
    this.world = world;
    this.process = startProcess(world);
  }

  static async start(policy: Policy = policyWith()): Promise<Harness> {
    const world = newWorld(policy);
    await readDependencies(world);
    return new Harness(world);
  }

  get tenant(): FakeTenant {
    return this.world.tenant;
  }

  get clock(): FakeClock {
    return this.world.clock;
  }

  deliver(...records: readonly unknown[]): Promise<IngestSummary> {
    return this.process.ingest([deliveryOf(this.world, records)]);
  }

  /** Everything due within `ms` of now. */
  async run(ms = 0): Promise<void> {
    await settle(this.world, this.process, this.clock.now() + ms);
  }

  get tables(): TableServices {
    return startProcess(this.world).services;
  }

  runs(): Promise<readonly Run[]> {
    return listRuns(this.tables);
  }

  /** The newest plan of an identity that is no undo, or of the playbook. */
  async plan(playbook?: string, key = identityKey(tenantId, victim.appId)): Promise<Run> {
    const found = (await this.runs()).find(
      (run) => run.identity === key && (playbook === undefined ? run.playbook !== "undo" : run.playbook === playbook),
    );
    if (found === undefined) throw new Error("no such plan");
    return found;
  }

  async stage(name: StageName, playbook?: string): Promise<RunStage> {
    const found = (await this.plan(playbook)).stages.find(({ stage }) => stage === name);
    if (found === undefined) throw new Error(`no stage ${name}`);
    return found;
  }

  async decide(stage: StageName, decision: "approve" | "deny" = "approve", by = "ada"): Promise<void> {
    const found = await findPlan(this.tables, (await this.plan()).planId);
    await decideStage(this.tables, found, stage, decision, { by, reason: "because" });
  }

  /** Of the newest plan; `only`: the index of one step. */
  async undo(only: number | null = null, by = "ada"): Promise<void> {
    const found = await findPlan(this.tables, (await this.plan()).planId);
    await requestUndo(this.tables, found, { by, reason: "false alarm" }, only);
  }

  /** Somebody edits the tables by hand. */
  editRow(prefix: string, edit: (value: Record<string, unknown>) => Record<string, unknown>): void {
    for (const rows of this.world.data.identities.values()) {
      for (const [key, row] of rows) {
        if (key.startsWith(prefix)) {
          rows.set(key, { ...row, json: JSON.stringify(edit(JSON.parse(row.json))), etag: `edited-${row.etag}` });
        }
      }
    }
  }

  events(event: string): readonly Notice[] {
    return this.world.told.filter((notice) => notice.event === event);
  }

  lines(): readonly string[] {
    return this.tenant.writes.map(({ line }) => line);
  }
}

/** Entra raises the leak, and what is due at once is done. */
export async function leaked(harness: Harness): Promise<void> {
  const { record, copy } = leak();
  harness.tenant.change((directory) => directory.riskDetections.push(copy));
  await harness.deliver(record);
  await harness.run();
}
