/** What the engine is given in a replay: its real policy, stores in memory, and nobody at the other end. */
import { DueMessage } from "../../../shared/domain/due.ts";
import type { Policy } from "../../../shared/domain/policy.ts";
import type { Logger } from "../../../shared/ports/logger.ts";
import type { Limits, Services } from "../../../shared/ports/services.ts";
import type { Signer } from "../../../shared/ports/signer.ts";
import { noTelemetry } from "../../../shared/ports/telemetry.ts";
import type { ApiFailure, Tenant } from "../../../shared/ports/tenant.ts";
import type { ReplayStores } from "../state/stores.ts";
import type { ReplayClock } from "./clock.ts";

/** What the engine woke the writer with. */
export interface Woken {
  readonly message: DueMessage;
  readonly version: string | null;
}

export interface ReplayServices extends Services {
  readonly clock: ReplayClock;
  readonly stores: ReplayStores;
}

const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {}

/** Nothing leaves and nothing is kept, so there is nobody to sign for. */
const unsigned: Signer = { sign: async () => "", verify: async () => true, publicKeys: async () => [] };

const offline: ApiFailure = {
  ok: false,
  status: 0,
  code: "network",
  message: "a replay has no tenant",
  retryable: false,
  retryAfterMs: null,
  requestId: null,
  maybeDone: false,
};

const noTenant: Tenant = {
  read: async (requests) => requests.map(() => offline),
  send: async () => offline,
  async *pages() {
    yield offline;
  },
  whoAmI: async () => null,
};

/** Nothing is sent, so none of these times passes. */
const limits: Limits = {
  requestTimeoutMs: 0,
  leaseMs: 0,
  leaseMarginMs: 0,
  batchBudgetMs: 0,
  verifyAfterMs: [],
  verifyApartMs: 0,
  deferMs: [],
};

export function createReplayServices(
  policy: Policy,
  clock: ReplayClock,
  stores: ReplayStores,
  woken: (one: Woken) => void,
): ReplayServices {
  return {
    clock,
    stores,
    policy,
    logger: silent,
    telemetry: noTelemetry,
    tenant: noTenant,
    signer: unsigned,
    limits,
    instance: "replay",
    queue: {
      async publish(bodies) {
        for (const body of bodies) {
          const message = DueMessage.safeParse(body);
          if (message.success) woken({ message: message.data, version: versionOf(body) });
        }
      },
    },
    outcomes: { publish: async () => undefined },
    notifiers: [],
  };
}

function versionOf(body: unknown): string | null {
  const { version } = body as { readonly version?: unknown };
  return typeof version === "string" ? version : null;
}
