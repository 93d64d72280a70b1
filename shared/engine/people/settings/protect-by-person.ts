/** What people protect at run time: it adds to the policy file, and takes nothing from it. */
import { ProtectionList } from "../../../domain/approval.ts";
import { hasRole, type Role } from "../../../domain/caller.ts";
import { RetryableError, TerminalError } from "../../../domain/errors.ts";
import { nobodyIn } from "../../../domain/identity.ts";
import { hashId } from "../../../domain/ids.ts";
import { isoAt } from "../../../ports/clock.ts";
import { nextSerial } from "../../judge/high-water.ts";
import { loadSafety, readProtections, safetyRow } from "../../judge/safety.ts";
import { putDue } from "../../rows/due.ts";
import { historyMs } from "../../rows/expiry.ts";
import { tell } from "../../rows/notices.ts";
import { Draft, type Partition } from "../../rows/partition.ts";
import type { TableServices } from "../find-plan.ts";
import { policyProtectionOf } from "./protected-by-policy.ts";

export type ProtectionEntry = ProtectionList["entries"][number];

export interface ProtectionState {
  readonly entries: readonly ProtectionEntry[];
  /** why the list does not hold, so that every plan asks; null: it does */
  readonly trouble: string | null;
  /** names the list as it lies there */
  readonly version: string;
}

export interface ProtectionWord {
  readonly by: string;
  readonly reason: string;
  readonly roles: readonly Role[];
}

/** Losing this many races in a row means something is wrong. */
const maxRaces = 20;

export async function readProtectionState(services: TableServices): Promise<ProtectionState> {
  return stateIn(services, await loadSafety(services));
}

async function stateIn(services: TableServices, partition: Partition): Promise<ProtectionState> {
  const entries = await readProtections(services, partition);
  const version = hashId(
    safetyRow.protections,
    JSON.stringify(partition.rows.get(safetyRow.protections)?.value ?? null),
  );
  if (entries !== null) return { entries, version, trouble: null };
  const trouble =
    "the list of what people protected was altered, signed by another key, gone, or an earlier one was put back: every plan asks until an administrator writes it anew";
  return { entries: [], version, trouble };
}

/**
 * An id that is on the list already is written anew; to protect it less than before takes an administrator. `version`: what the caller
 * has seen; null: whatever there is.
 */
export async function protect(
  services: TableServices,
  id: string,
  how: ProtectionEntry["how"],
  word: ProtectionWord,
  version: string | null,
): Promise<ProtectionState> {
  const key = id.toLowerCase();
  const { by, reason, roles } = word;
  if (how === "ask" && policyProtectionOf(services.policy, key) === "never") {
    const message = `the policy file says that nobody may write to ${key} (never); \`ask\` would be less, and only the file can say so`;
    throw new TerminalError(message, { code: "protected-by-policy" });
  }
  return change(services, word, version, (entries) => {
    const old = entries.find((one) => one.id === key);
    if (old?.how === "never" && how === "ask" && !hasRole({ roles }, "Tourniquet.Admin")) {
      const message = `${old.by} said that nobody may write to ${key} (never); \`ask\` would be less, and takes Tourniquet.Admin`;
      throw new TerminalError(message, { code: "needs-admin" });
    }
    const entry = { id: key, how, by, reason, at: isoAt(services.clock.now()) };
    const said = `${key} is protected (${how}${old === undefined ? "" : `, before: ${old.how}`})`;
    return {
      entries: [...entries.filter((one) => one.id !== key), entry],
      said,
      isPage: how === "never" || old?.how === "never",
    };
  });
}

/** Throws TerminalError when the id is not on the list; what the policy file protects stays so. */
export async function unprotect(
  services: TableServices,
  id: string,
  word: ProtectionWord,
  version: string | null,
): Promise<ProtectionState> {
  const key = id.toLowerCase();
  const byFile = policyProtectionOf(services.policy, key);
  return change(services, word, version, (entries) => {
    const rest = entries.filter((one) => one.id !== key);
    const stays = byFile === null ? "" : `, but for what the policy file says (${byFile})`;
    if (rest.length < entries.length)
      return { entries: rest, said: `${key} is not protected any more${stays}`, isPage: true };
    const message = `${key} is not on the list; what the policy file protects can be changed only there`;
    throw new TerminalError(message, { code: byFile === null ? "not-protected" : "protected-by-policy" });
  });
}

interface Edit {
  readonly entries: readonly ProtectionEntry[];
  /** for people */
  readonly said: string;
  readonly isPage: boolean;
}

async function change(
  services: TableServices,
  word: ProtectionWord,
  version: string | null,
  edit: (entries: readonly ProtectionEntry[]) => Edit,
): Promise<ProtectionState> {
  for (let race = 0; race < maxRaces; race++) {
    const partition = await loadSafety(services);
    const before = await stateIn(services, partition);
    if (version !== null && before.version !== version) {
      const message = "the list is not the one you have seen; read it again, and change what is there now";
      throw new TerminalError(message, { code: "version-changed" });
    }
    // what was altered cannot be added to: whoever writes it anew answers for what is missing on it then
    if (before.trouble !== null && !hasRole(word, "Tourniquet.Admin"))
      throw new TerminalError(before.trouble, { code: "protections-altered" });
    const after = await write(services, partition, before, edit(before.entries), word);
    if (after !== null) return after;
  }
  throw new RetryableError("the list of what is protected kept changing", { code: "contention" });
}

/** Those that the other list has not. */
function less(entries: readonly ProtectionEntry[], others: readonly ProtectionEntry[]): readonly ProtectionEntry[] {
  const known = new Set(others.map((entry) => JSON.stringify(entry)));
  return entries.filter((entry) => !known.has(JSON.stringify(entry)));
}

/** One row holds the list (1 MiB, gzipped), and whoever may add to it must not be able to fill it for everybody else by long reasons. */
const mostBytes = 600_000;

function listFull(count: number): TerminalError {
  const message = `the list is full: ${count} entries with their reasons. Say why in fewer words, take entries off, or let the policy file protect what stays protected`;
  return new TerminalError(message, { code: "list-full" });
}

/** Null: somebody else changed the rows. */
async function write(
  services: TableServices,
  partition: Partition,
  before: ProtectionState,
  { entries, said, isPage }: Edit,
  { by, reason }: ProtectionWord,
): Promise<ProtectionState | null> {
  const { clock, policy, signer, stores } = services;
  const serial = await nextSerial(services, "protections");
  const parsed = ProtectionList.safeParse({ tenantId: policy.tenantId, serial, entries });
  if (!parsed.success) {
    throw new TerminalError("only an object id or an appId can be protected: a GUID, never a name", {
      code: "no-guid",
    });
  }
  const now = clock.now();
  const payload = JSON.stringify(parsed.data);
  // what was on it can always be made less
  if (entries.length >= before.entries.length && Buffer.byteLength(payload) > mostBytes) throw listFull(entries.length);
  const row = { payload, signature: await signer.sign(payload) };
  const draft = new Draft(partition).put(safetyRow.protections, row, now + 10 * historyMs);
  tell(
    draft,
    {
      event: "protection.changed",
      about: [before.version, hashId(payload)],
      by,
      severity: "medium",
      urgency: isPage || before.trouble !== null ? "page" : "chat",
      identity: nobodyIn(policy.tenantId),
      message: `${before.trouble === null ? said : `The list was written anew: ${said}`}, by ${by}: ${reason}`,
      data: {
        serial,
        by,
        reason,
        entries: entries.length,
        before: less(before.entries, entries),
        after: less(entries, before.entries),
      },
    },
    now,
  );
  const deliver = { kind: "deliver", identity: partition.key } as const;
  await putDue(services, deliver, now);
  if (!(await draft.commit(stores.identities))) return null;
  await putDue(services, deliver, now);
  return stateIn(services, partition);
}
