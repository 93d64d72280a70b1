/** A person says something about retiring an identity: one signed row, told and kept in the ledger, and the writer is woken for it. */

import { samePerson } from "../../../domain/approval.ts";
import { RetryableError } from "../../../domain/errors.ts";
import { identityKey, unusedKey } from "../../../domain/identity.ts";
import { hashId } from "../../../domain/ids.ts";
import { UnusedWord } from "../../../domain/retirement.ts";
import type { Services } from "../../../ports/services.ts";
import { publishedAgainMs, putDue } from "../../rows/due.ts";
import { standingLedgerMs } from "../../rows/expiry.ts";
import { tell } from "../../rows/notices.ts";
import { Draft, loadPartition } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import { type WordOn, wordOn, wordSaid } from "./words.ts";

type Saying = Pick<Services, "clock" | "policy" | "signer" | "stores">;

const maxRaces = 8;

/** Answers how things stand with it. What the same owner says twice before it was checked is said once. Throws RetryableError. */
export async function sayWord(services: Saying, said: UnusedWord): Promise<WordOn> {
  const word = UnusedWord.parse(said);
  const { clock, signer, stores } = services;
  const key = unusedKey(services.policy.tenantId);
  for (let race = 0; race < maxRaces; race++) {
    const before = await wordOn(services, word.appId);
    if (word.asOwner && before.unchecked !== null && samePerson(before.unchecked.by, word.by)) return before;
    const draft = new Draft(await loadPartition(stores.identities, key));
    const payload = JSON.stringify(word);
    const row = word.asOwner ? rowKey.ownersWord(word.appId) : rowKey.unusedWord(word.appId);
    draft.put(row, { payload, signature: await signer.sign(payload) }, clock.now() + standingLedgerMs);
    tellOf(draft, word, row, hashId(payload), clock.now());
    const deliver = { kind: "deliver", identity: key } as const;
    const look = { kind: "retirement", identity: identityKey(word.tenantId, word.appId) } as const;
    await putDue(services, deliver, clock.now() + publishedAgainMs);
    await putDue(services, look, clock.now() + publishedAgainMs);
    if (!(await draft.commit(stores.identities))) continue;
    await putDue(services, deliver, clock.now());
    await putDue(services, look, clock.now());
    return wordOn(services, word.appId);
  }
  throw new RetryableError("what people say about retiring kept changing", { code: "contention" });
}

const verbs: Readonly<Record<UnusedWord["kind"], string>> = {
  keep: "says that it is needed",
  hold: "holds it",
  release: "releases it",
};

function tellOf(draft: Draft, word: UnusedWord, row: string, hash: string, now: number): void {
  const { appId, tenantId, kind, by, reason, until, asOwner } = word;
  const how = asOwner ? ", as its owner, which Graph is asked about" : "";
  tell(
    draft,
    {
      event: wordSaid,
      about: [hash],
      by,
      urgency: kind === "release" ? "chat" : "digest",
      identity: { tenantId, appId, servicePrincipalId: null, applicationObjectId: null },
      message: `appId ${appId}: ${by} ${verbs[kind]}${until === null ? "" : ` until ${until}`}${how}: ${reason}`,
      data: { row, hash, kind, appId, by, reason, until, asOwner },
    },
    now,
  );
}
