/** What our own rows say of one identity: only of who would be called unused, or unknown, without them, and of what is disabled. */
import { describeError, TerminalError } from "../../../domain/errors.ts";
import type { IdentityKey } from "../../../domain/identity.ts";
import { Retirement } from "../../../domain/retirement.ts";
import type { UseFacts } from "../../../domain/use.ts";
import type { Services } from "../../../ports/services.ts";
import { containmentOf } from "../../evidence/own-changes.ts";
import { openIn } from "../../incident/close-open.ts";
import { readBaseline } from "../../ingest/baselines.ts";
import { loadPartition, type Partition, read } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import { otherFindings } from "../life/other-business.ts";
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

/** What there is to be read. */
export interface HasRows {
  readonly baseline: boolean;
  readonly partition: boolean;
}

/** All but what the dependency cache says. Throws RetryableError. */
export async function ownRows(
  services: Services,
  key: IdentityKey,
  has: HasRows = { baseline: true, partition: true },
): Promise<OwnRows> {
  try {
    return await readOwnRows(services, key, has);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    services.logger.warn("Rows of an identity cannot be read; it counts as not known", { error: describeError(error) });
    return unreadable;
  }
}

async function readOwnRows(services: Services, key: IdentityKey, has: HasRows): Promise<OwnRows> {
  const [baseline, partition] = await Promise.all([
    has.baseline ? readBaseline(services, key) : null,
    has.partition ? loadPartition(services.stores.identities, key) : null,
  ]);
  const signs = signsOf(baseline);
  if (partition === null) return { ...noRows, signs };
  const retirement = read(partition, rowKey.retirement, Retirement);
  return {
    ...noRows,
    signs,
    disabledByUs: whyDisabled(partition, retirement),
    underAttack: isUnderAttack(partition),
    restoredAt: retirement?.restoredAt == null ? null : Date.parse(retirement.restoredAt),
    retirement,
  };
}

/** As the dependency cache has it; undefined: it does not know. Throws RetryableError. */
export async function readAppProxy(services: Services, appId: string | null): Promise<boolean | undefined> {
  const { logger, policy, stores } = services;
  try {
    const [newest] = appId === null ? [] : await stores.dependencies.readings(policy.tenantId, appId);
    return newest?.appProxy ?? undefined;
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    logger.warn("What the dependency cache holds of an identity cannot be read", { error: describeError(error) });
    return undefined;
  }
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
