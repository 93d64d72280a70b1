/** What our own rows say of one identity: only of who would be called unused, or unknown, without them, and of what is disabled. */
import { describeError, TerminalError } from "../../domain/errors.ts";
import type { IdentityKey } from "../../domain/identity.ts";
import { Retirement } from "../../domain/retirement.ts";
import type { UseFacts } from "../../domain/use.ts";
import type { Services } from "../../ports/services.ts";
import { containmentOf } from "../evidence/own-changes.ts";
import { openIn } from "../incident/close-open.ts";
import { readBaseline } from "../ingest/baselines.ts";
import { loadPartition, type Partition, read } from "../rows/partition.ts";
import { rowKey } from "../rows/rows.ts";
import { otherFindings } from "./other-business.ts";
import { type HubSigns, noSigns, signsOf } from "./use-history.ts";

export interface OwnRows extends Pick<UseFacts, "appProxy" | "disabledByUs" | "underAttack" | "restoredAt"> {
  readonly signs: HubSigns;
  /** null: nothing of it was ever retired */
  readonly retirement: Retirement | null;
}

/** As if nothing of ours were known: for the first look, on which nobody is ever called unused. */
export const noRows: OwnRows = {
  signs: noSigns,
  appProxy: false,
  disabledByUs: null,
  underAttack: false,
  restoredAt: null,
  retirement: null,
};

/** A row of it was edited so that it cannot be read: nobody knows, and what is not known exempts. */
const unreadable: OwnRows = { ...noRows, appProxy: undefined, disabledByUs: undefined, underAttack: undefined };

/** Throws RetryableError. `appId` null: no cache knows it. */
export async function ownRows(services: Services, key: IdentityKey, appId: string | null): Promise<OwnRows> {
  try {
    return await readOwnRows(services, key, appId);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    services.logger.warn("Rows of an identity cannot be read; it counts as not known", { error: describeError(error) });
    return unreadable;
  }
}

async function readOwnRows(services: Services, key: IdentityKey, appId: string | null): Promise<OwnRows> {
  const { stores, policy } = services;
  const [baseline, partition, readings] = await Promise.all([
    readBaseline(services, key),
    loadPartition(stores.identities, key),
    appId === null ? [] : stores.dependencies.readings(policy.tenantId, appId),
  ]);
  const retirement = read(partition, rowKey.retirement, Retirement);
  return {
    signs: signsOf(baseline),
    appProxy: readings[0]?.appProxy ?? undefined,
    disabledByUs: whyDisabled(partition, retirement),
    underAttack: isUnderAttack(partition),
    restoredAt: retirement?.restoredAt == null ? null : Date.parse(retirement.restoredAt),
    retirement,
  };
}

const retiredStates: ReadonlySet<Retirement["state"]> = new Set(["disabled", "asking", "deleted", "gone"]);

function whyDisabled(partition: Partition, retirement: Retirement | null): "contained" | "retired" | null {
  if (retirement !== null && retiredStates.has(retirement.state)) return "retired";
  return containmentOf(partition) === null ? null : "contained";
}

function isUnderAttack(partition: Partition): boolean {
  const open = openIn(partition);
  return open !== null && otherFindings(partition, open.incident.id).length > 0;
}
