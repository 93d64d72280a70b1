/**
 * Seals the ledger: each head that moved is signed and published to the `outcomes` hub, where nobody who can edit our tables can take
 * it back, so that cutting the end of a chain off is seen, too.
 */
import { refOfKey, tenantOf } from "../../domain/identity.ts";
import { isStanding, LedgerHead, SealedHead } from "../../domain/ledger.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Notice } from "../../ports/outbox.ts";
import type { Services } from "../../ports/services.ts";
import { entriesExpireAt } from "./append.ts";
import { canonicalText } from "./chain.ts";
import { headOutlivesMs } from "./expiry.ts";
import { headPrefix, ledgerKey } from "./ledger-rows.ts";
import { noticeOf } from "./notices.ts";
import type { Draft, Partition } from "./partition.ts";

/** What a seal's signature is over. */
export function sealedText(tenantId: string, { chain, seq, hash, at }: Omit<SealedHead, "signature">): string {
  return canonicalText({ tenantId, chain, seq, hash, at });
}

/** Heads that stand behind their seal, or are none, are left: whoever reads the ledger is told. */
export function unsealedHeads({ rows }: Partition): readonly LedgerHead[] {
  return [...rows.values()].flatMap(({ key, value }) => {
    const head = key.startsWith(headPrefix) ? LedgerHead.safeParse(value).data : undefined;
    if (head === undefined || key !== ledgerKey.head(head.chain)) return [];
    const sealed = SealedHead.safeParse(rows.get(ledgerKey.sealed(head.chain))?.value).data;
    return head.seq > (sealed?.seq ?? 0) ? [head] : [];
  });
}

/** One transaction has room for so many beside what else is delivered. */
const atOnce = 16;

/**
 * Some of them, each at least once: published before the draft says so. Throws what the signer or the hub throws, and then nothing was
 * put.
 */
export async function sealHeads(services: Services, draft: Draft): Promise<void> {
  const { key } = draft.partition;
  const at = isoAt(services.clock.now());
  const seals = await Promise.all(
    unsealedHeads(draft.partition)
      .slice(0, atOnce)
      .map((head) => seal(services, tenantOf(key), head, at)),
  );
  if (seals.length === 0) return;
  await services.outcomes.publish(seals.map((sealed) => noticeFor(key, sealed)));
  for (const sealed of seals) {
    const expiresAt = entriesExpireAt(sealed.chain, Date.parse(at)) + headOutlivesMs;
    draft.put(ledgerKey.sealed(sealed.chain), sealed, expiresAt);
  }
}

async function seal({ signer }: Services, tenantId: string, head: LedgerHead, at: string): Promise<SealedHead> {
  return { ...head, at, signature: await signer.sign(sealedText(tenantId, { ...head, at })) };
}

function noticeFor(key: string, sealed: SealedHead): Notice {
  const { chain, seq, at } = sealed;
  return noticeOf(
    key,
    {
      event: "ledger.sealed",
      about: [chain, String(seq)],
      identity: refOfKey(key),
      incidentId: isStanding(chain) ? null : chain,
      message: `The ledger ${chain} has ${seq} entries; its end was signed`,
      data: { ...sealed },
    },
    Date.parse(at),
  );
}
