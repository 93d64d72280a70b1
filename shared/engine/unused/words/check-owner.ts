/** Somebody says that they own an identity and need it: Graph says whether they do. The writer's answer is signed, and told. */
import { z } from "zod";
import { ownersRead } from "../../../actions/foothold-reads.ts";
import { objectIdIn } from "../../../domain/caller.ts";
import { Guid, identityKey, refOfKey, unusedKey } from "../../../domain/identity.ts";
import { hashId } from "../../../domain/ids.ts";
import type { UnusedWord } from "../../../domain/retirement.ts";
import type { Owner } from "../../../domain/use.ts";
import { isoAt } from "../../../ports/clock.ts";
import type { Services } from "../../../ports/services.ts";
import { putDue } from "../../rows/due.ts";
import { standingLedgerMs } from "../../rows/expiry.ts";
import { tell } from "../../rows/notices.ts";
import { Draft, loadPartition } from "../../rows/partition.ts";
import { rowKey } from "../../rows/rows.ts";
import { signedRow } from "../../rows/signed-rows.ts";
import { askAll } from "../../snapshot/read-facts.ts";
import { OwnerCheck } from "./owner-check.ts";

const Owners = z.object({ value: z.array(z.object({ id: Guid })), "@odata.nextLink": z.undefined().optional() });

/**
 * `known`: owners as Graph named them when they were told, for what is deleted and has none to be read. False: it could not be told now,
 * and the word goes on holding the identity.
 */
export async function checkOwner(services: Services, word: UnusedWord, known: readonly Owner[]): Promise<boolean> {
  const by = objectIdIn(word.by);
  const owners = by === null ? "nobody" : await ownersOf(services, word, known);
  if (owners === "unread") return false;
  const struckBecause = whyStruck(word, by, owners);
  return write(services, word, struckBecause);
}

function whyStruck(word: UnusedWord, by: string | null, owners: readonly string[] | "nobody"): string | null {
  if (by === null || owners === "nobody") return `${word.by} is named without an object id`;
  if (owners.includes(by)) return null;
  return `Graph does not name ${by} among the owners of its objects: ask one of them, or an operator`;
}

/** Of both objects; what Graph does not show has none. */
async function ownersOf(
  services: Services,
  { tenantId, appId }: UnusedWord,
  known: readonly Owner[],
): Promise<readonly string[] | "unread"> {
  const identity = refOfKey(identityKey(tenantId, appId));
  const requests = (["application", "servicePrincipal"] as const).map((object) => ownersRead(object, identity));
  const answers = [...(await askAll(services, requests)).values()];
  const lists = answers.map((answer) => {
    if (!answer.ok) return answer.status === 404 ? null : undefined;
    return Owners.safeParse(answer.body).data?.value.map(({ id }) => id);
  });
  if (lists.includes(undefined)) return "unread";
  const isDeleted = lists.every((list) => list === null);
  return [...lists.flatMap((list) => list ?? []), ...(isDeleted ? known.map(({ objectId }) => objectId) : [])];
}

/** Strikes or confirms exactly this word: another one that came meanwhile is checked by itself. */
async function write(services: Services, word: UnusedWord, struckBecause: string | null): Promise<boolean> {
  const { clock, signer, stores } = services;
  const key = unusedKey(word.tenantId);
  const { appId, by, tenantId } = word;
  const partition = await loadPartition(stores.identities, key);
  const before = await lastConfirmed(services, partition, appId);
  const check: OwnerCheck = {
    tenantId,
    appId,
    wordHash: hashId(JSON.stringify(word)),
    confirmed: struckBecause === null ? word : before,
    struckBecause,
    at: isoAt(clock.now()),
  };
  const payload = JSON.stringify(check);
  const row = { payload, signature: await signer.sign(payload) };
  const draft = new Draft(partition).put(rowKey.checkedWord(appId), row, clock.now() + standingLedgerMs);
  const id = objectIdIn(by);
  tell(
    draft,
    {
      event: struckBecause === null ? "unused.word-confirmed" : "unused.word-struck",
      about: [check.wordHash],
      urgency: struckBecause === null ? "digest" : "chat",
      identity: { tenantId, appId, servicePrincipalId: null, applicationObjectId: null },
      ...(id === null ? {} : { recipients: [id] }),
      message:
        struckBecause === null
          ? `appId ${appId}: ${by} owns it, as Graph says, and what they said counts: ${word.reason}`
          : `appId ${appId}: what ${by} said does not count: ${struckBecause}`,
      data: { by, appId, struckBecause },
    },
    clock.now(),
  );
  const deliver = { kind: "deliver", identity: key } as const;
  await putDue(services, deliver, clock.now());
  if (!(await draft.commit(stores.identities))) return false;
  await putDue(services, deliver, clock.now());
  return true;
}

async function lastConfirmed({ signer }: Services, partition: Parameters<typeof signedRow>[0], appId: string) {
  const row = signedRow(partition, rowKey.checkedWord(appId));
  if (row === null || !(await signer.verify(row.payload, row.signature))) return null;
  const check = OwnerCheck.safeParse(JSON.parse(row.payload)).data;
  return check?.appId === appId ? check.confirmed : null;
}
