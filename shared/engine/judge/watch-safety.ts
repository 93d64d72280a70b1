/**
 * Whoever edits what holds the whole tenant stops us, and people are told at once, whether or not anything waits to be judged: the
 * settings, the list of what is protected, and the ledger that tells how both came to be. Called by the timer that sweeps.
 */
import { nobodyIn } from "../../domain/identity.ts";
import { settingsChain } from "../../domain/ledger.ts";
import type { Services } from "../../ports/services.ts";
import { putDue } from "../rows/due.ts";
import { tell } from "../rows/notices.ts";
import { Draft, type Partition } from "../rows/partition.ts";
import { readLedger } from "../rows/read-ledger.ts";
import { loadSafety, readProtections, safetyRow } from "./safety.ts";
import { settingsIn } from "./settings-state.ts";

const everyMs = 60_000;
/** The ledger only grows, and is read whole. */
const ledgerEveryMs = 3600_000;

/** Call it as often as you like. What is wrong is told once for each state of the rows. */
export function createSafetyWatch(services: Services): () => Promise<void> {
  const { clock } = services;
  let nextAt = clock.now();
  let ledgerAt = clock.now();
  return async () => {
    const now = clock.now();
    if (now < nextAt) return;
    nextAt = now + everyMs;
    const partition = await loadSafety(services);
    const troubles = await troublesIn(services, partition);
    if (now >= ledgerAt) {
      troubles.push(...(await troublesOfLedger(services, partition)));
      ledgerAt = now + ledgerEveryMs;
    }
    if (troubles.length > 0) await tellAll(services, partition, troubles);
  };
}

interface Trouble {
  /** names the state of the rows */
  readonly about: readonly string[];
  readonly what: string;
  readonly follows: string;
}

async function troublesIn(services: Services, partition: Partition): Promise<Trouble[]> {
  const settings = await settingsIn(services, partition);
  const protections = await readProtections(services, partition);
  const troubles: Trouble[] = [];
  if (settings.trouble !== null) {
    const follows = "that counts as kill switch on until an administrator sets them anew";
    troubles.push({ about: ["settings", settings.version], what: settings.trouble, follows });
  }
  if (protections === null) {
    const what = "the list of what people protected was altered, is gone, or an earlier one was put back";
    const follows = "every plan asks until an administrator writes it anew";
    const etag = partition.rows.get(safetyRow.protections)?.etag ?? "";
    troubles.push({ about: ["protections", etag], what, follows });
  }
  return troubles;
}

async function troublesOfLedger(services: Services, { key }: Partition): Promise<readonly Trouble[]> {
  const { problems } = await readLedger(services, key, settingsChain);
  const [first] = problems;
  if (first === undefined) return [];
  const follows = "compare it with `ledger.sealed` on the outcomes hub, where nobody can take back what was sealed";
  return [
    { about: ["ledger", first.message], what: `the ledger of the settings was edited: ${first.message}`, follows },
  ];
}

/** Rows that changed meanwhile are met again at the next look. */
async function tellAll(services: Services, partition: Partition, troubles: readonly Trouble[]): Promise<void> {
  const { clock, logger, policy, stores } = services;
  const now = clock.now();
  const draft = new Draft(partition);
  for (const { about, what, follows } of troubles) {
    tell(
      draft,
      {
        event: "safety.altered",
        about,
        severity: "critical",
        urgency: "page",
        identity: nobodyIn(policy.tenantId),
        message: `Somebody has write access to our tables: ${what}; ${follows}`,
        data: { what },
      },
      now,
    );
  }
  if (draft.changes.length === 0) return;
  logger.error("What holds the whole tenant back is not as it was written", {
    what: troubles.map(({ what }) => what).join("; "),
  });
  const deliver = { kind: "deliver", identity: partition.key } as const;
  await putDue(services, deliver, now);
  if (await draft.commit(stores.identities)) await putDue(services, deliver, now);
}
