/** The engine on doubles: one tenant, one storage, one hub of wake-ups, and processes that work on them, die and come back. */
import { generateKeyPairSync } from "node:crypto";
import { createKeyFileSigner } from "../../shared/config/key-file-signer.ts";
import { loadPolicy } from "../../shared/config/policy-file.ts";
import { identityKey } from "../../shared/domain/identity.ts";
import type { StageName } from "../../shared/domain/plan.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { decideStage, findPlan, requestUndo, type TableServices } from "../../shared/engine/decide-by-person.ts";
import { createIngest, type IngestSummary } from "../../shared/engine/ingest.ts";
import { listRuns, type Run, type RunStage } from "../../shared/engine/list-runs.ts";
import type { Delivery } from "../../shared/engine/read-batch.ts";
import { parseWoken, runDue } from "../../shared/engine/run-due.ts";
import { sweep } from "../../shared/engine/sweep.ts";
import { createWriter, type Writer } from "../../shared/engine/writer.ts";
import type { LogFields, Logger } from "../../shared/ports/logger.ts";
import type { Notice } from "../../shared/ports/outbox.ts";
import type { Limits, Services } from "../../shared/ports/services.ts";
import type { Signer } from "../../shared/ports/signer.ts";
import type { Tenant } from "../../shared/ports/tenant.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeTenant } from "./fake-tenant.ts";
import { addIdentity, appId, leak, self, startAt, tenantId, victim } from "./harness-cast.ts";
import { createMemoryStores, type MemoryData, newMemoryData } from "./memory-stores.ts";
import { type CallHooks, withHooksOn } from "./store-hooks.ts";

const second = 1_000;
const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

const limits: Limits = {
  requestTimeoutMs: 15 * second,
  leaseMs: 35 * second,
  leaseMarginMs: 10 * second,
  batchBudgetMs: 20 * second,
  verifyAfterMs: [10 * second, 30 * second, 80 * second, 5 * minute, 10 * minute],
  verifyApartMs: minute,
  deferMs: [30 * second, 2 * minute, 5 * minute, 15 * minute, 30 * minute],
};

export function newSigner(): Signer {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return createKeyFileSigner(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
}

const signer = newSigner();
const shipped = loadPolicy("policy.yaml");

/** The shipped policy as somebody would set it after reading what it observed. */
export function policyWith(change: Partial<Policy> = {}): Policy {
  return { ...shipped, tenantId, mode: "enforce", ...change };
}

/** What outlives a process. */
export interface World {
  readonly clock: FakeClock;
  readonly tenant: FakeTenant;
  readonly data: MemoryData;
  readonly signer: Signer;
  /** wake-ups that no process has taken yet */
  hub: unknown[];
  readonly published: Notice[];
  readonly told: Notice[];
  /** while true, the outcomes hub or the notifier refuses */
  readonly down: { outcomes: boolean; notifier: boolean };
  readonly log: string[];
  policy: Policy;
  sequence: number;
}

export function newWorld(policy: Policy = policyWith()): World {
  const clock = new FakeClock(startAt);
  const tenant = new FakeTenant(clock);
  tenant.self = self;
  tenant.change((directory) => addIdentity(directory));
  const down = { outcomes: false, notifier: false };
  return {
    clock,
    tenant,
    data: newMemoryData(),
    signer,
    hub: [],
    published: [],
    told: [],
    down,
    log: [],
    policy,
    sequence: 0,
  };
}

/** One process of the app: it may die (`dead` resolves), and then nothing it does has an effect any more. */
export interface Process {
  readonly services: Services;
  readonly writer: Writer;
  readonly ingest: (batch: readonly Delivery[]) => Promise<IngestSummary>;
}

export function startProcess(world: World, instance = "one", hooks: CallHooks = {}): Process {
  const { clock, tenant, data, policy, down } = world;
  const send = async (what: "outcomes" | "notifier", into: Notice[], notices: readonly Notice[]) => {
    if (down[what]) throw new Error(`${what} is down`);
    into.push(...notices);
  };
  const port = <T extends object>(name: string, methods: T) => withHooksOn(name, methods, hooks) as T;
  const services: Services = {
    clock,
    logger: loggerInto(world.log),
    tenant: {
      pages: tenant.pages.bind(tenant),
      ...port<Omit<Tenant, "pages">>("tenant", {
        read: tenant.read.bind(tenant),
        send: tenant.send.bind(tenant),
        whoAmI: tenant.whoAmI.bind(tenant),
      }),
    },
    stores: createMemoryStores({ clock, data, hooks }),
    queue: port("queue", { publish: async (messages: readonly unknown[]) => void world.hub.push(...messages) }),
    outcomes: port("outcomes", { publish: (notices: readonly Notice[]) => send("outcomes", world.published, notices) }),
    notifier: port("notifier", { notify: (notices: readonly Notice[]) => send("notifier", world.told, notices) }),
    signer: world.signer,
    policy,
    limits,
    instance,
  };
  return { services, writer: createWriter(services), ingest: createIngest(services) };
}

function loggerInto(log: string[]): Logger {
  const line = (level: string) => (message: string, fields?: LogFields) =>
    void log.push(`${level} ${message} ${fields?.error ?? fields?.reason ?? ""}`.trim());
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}

export function deliveryOf(world: World, records: readonly unknown[]): Delivery {
  const origin = { hub: "test", partition: "0", sequenceNumber: ++world.sequence };
  return { body: { records }, enqueuedAt: world.clock.now(), origin };
}

/** Dependency readings from yesterday, as the nightly timer leaves them: last used 40 days ago. */
export async function readDependencies(world: World, ids: readonly string[] = [appId]): Promise<void> {
  const { dependencies } = startProcess(world).services.stores;
  const readAt = startAt - day;
  const reading = { readAt, lastUsedAt: readAt - 40 * day, appProxy: false, createdAt: readAt - 700 * day };
  await dependencies.put(tenantId, new Map(ids.map((id) => [id, reading])));
  await dependencies.putSummary(tenantId, { readAt, enabledServicePrincipals: 1000 });
}

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

  /** The newest plan of an identity, or of the playbook. */
  async plan(playbook?: string, key = identityKey(tenantId, victim.appId)): Promise<Run> {
    const found = (await this.runs()).find(
      (run) => run.identity === key && (playbook ?? run.playbook) === run.playbook,
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

  async undo(by = "ada"): Promise<void> {
    const found = await findPlan(this.tables, (await this.plan()).planId);
    await requestUndo(this.tables, found, { by, reason: "false alarm" });
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
