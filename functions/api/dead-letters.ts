/** Dead letters: listed, and taken again. */
import { cutPage } from "../../shared/api/cut-page.ts";
import { listDeadLetters, replayDeadLetter } from "../../shared/api/dead-letters.ts";
import { signatureOf } from "../../shared/domain/caller.ts";
import type { StoredDeadLetter } from "../../shared/domain/dead-letter.ts";
import { replayDeadLetter as replay } from "../../shared/engine/people/requests/replay-dead-letter.ts";
import { type Handler, type Operation, operation } from "./handler.ts";

/** As many as the store gives at all. */
const most = 10_000;

const list: Handler<typeof listDeadLetters> = async ({ services, query }) => {
  const { reason, replayed } = query;
  const all = await services.stores.deadLetters.list(services.policy.tenantId, most);
  const wanted = all.filter((letter) => {
    if (reason !== undefined && letter.reason !== reason) return false;
    return replayed === undefined || (replayed === "yes") === (letter.replay !== undefined);
  });
  const { items, nextCursor } = cutPage(wanted, query, ({ at, id }) => [at.slice(0, 30), id]);
  return { body: { items: items.map(shown), nextCursor } };
};

function shown({ tenantId: _, replay: last, ...letter }: StoredDeadLetter) {
  return { ...letter, replay: last ?? null };
}

export const deadLetterOperations: readonly Operation[] = [
  operation(listDeadLetters, list),
  operation(replayDeadLetter, async ({ services, caller, params }) => ({
    body: shown(await replay(services, params.id, signatureOf(caller))),
  })),
];
