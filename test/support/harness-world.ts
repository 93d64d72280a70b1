/** One tenant, one storage, one hub of wake-ups, all doubles; and processes that work on them, die and come back. */
import { generateKeyPairSync } from "node:crypto";
import { createKeyFileSigner } from "../../shared/config/key-file-signer.ts";
import { loadPolicy } from "../../shared/config/policy-file.ts";
import type { Policy } from "../../shared/domain/policy.ts";
import { createIngest, type IngestSummary } from "../../shared/engine/ingest/ingest.ts";
import type { Delivery } from "../../shared/engine/ingest/read-batch.ts";
import { createWriter, type Writer } from "../../shared/engine/run/writer.ts";
import type { LogFields, Logger } from "../../shared/ports/logger.ts";
import type { Notice, Said, Telling } from "../../shared/ports/outbox.ts";
import type { Limits, Services } from "../../shared/ports/services.ts";
import type { Signer } from "../../shared/ports/signer.ts";
import { noTelemetry, type Telemetry } from "../../shared/ports/telemetry.ts";
import type { Tenant } from "../../shared/ports/tenant.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeTenant } from "./fake-tenant.ts";
import { addIdentity, appId, self, startAt, tenantId } from "./harness-cast.ts";
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

const signer = rememberTrue(newSigner());

/** A story reads its few signed rows thousands of times, and is told again for every crash: the same bytes are signed and checked once. */
function rememberTrue(real: Signer): Signer {
  const held = new Map<string, string>();
  const signed = new Map<string, string>();
  return {
    async sign(payload) {
      const signature = signed.get(payload) ?? (await real.sign(payload));
      if (signed.size > 1_000) signed.clear();
      signed.set(payload, signature);
      return signature;
    },
    publicKeys: () => real.publicKeys(),
    async verify(payload, signature) {
      if (held.get(signature) === payload) return true;
      if (!(await real.verify(payload, signature))) return false;
      if (held.size > 1_000) held.clear();
      held.set(signature, payload);
      return true;
    },
  };
}
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
  telemetry: Telemetry;
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
    telemetry: noTelemetry,
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
    telemetry: world.telemetry,
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
    notifiers: [
      {
        id: "test",
        ...port("notifier", {
          async tell({ notices }: Telling): Promise<Said> {
            await send("notifier", world.told, notices);
            return { state: null, told: notices.map(({ id }) => id), failure: null };
          },
          digest: async () => undefined,
        }),
      },
    ],
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
