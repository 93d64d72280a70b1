/** What nobody uses: looking for it, what was found, what people say about it, and bringing it back. */
import {
  getScan,
  getUnused,
  holdUnused,
  keepUnused,
  listUnused,
  releaseUnused,
  restoreUnused,
  startScan,
} from "../../shared/api/unused.ts";
import { signatureOf } from "../../shared/domain/caller.ts";
import { findUnused } from "../../shared/engine/people/unused/find-unused.ts";
import { listUnused as list } from "../../shared/engine/people/unused/list-unused.ts";
import { restoreByPerson } from "../../shared/engine/people/unused/restore-by-person.ts";
import { holdByPerson, keepByPerson, releaseByPerson } from "../../shared/engine/people/unused/say-by-person.ts";
import { shownUnused } from "../../shared/engine/people/unused/shown-unused.ts";
import { requestScan } from "../../shared/engine/unused/scan/request-scan.ts";
import { showScans } from "../../shared/engine/unused/scan/show-scan.ts";
import { type Operation, operation } from "./handler.ts";

export const unusedOperations: readonly Operation[] = [
  // before `/unused/{id}`, which would match it, too
  operation(getScan, async ({ services }) => ({ body: await showScans(services) })),
  operation(startScan, async ({ services }) => {
    await requestScan(services);
    return { body: (await showScans(services)).current, location: "/unused/scan" };
  }),
  operation(listUnused, async ({ services, query }) => ({ body: await list(services, query) })),
  operation(getUnused, async ({ services, params }) => {
    return { body: shownUnused(await findUnused(services, params.id), services.policy) };
  }),
  operation(keepUnused, async ({ services, caller, params, body }) => {
    const said = await keepByPerson(services, params.id, caller, body.reason);
    return { body: said, location: `/unused/${encodeURIComponent(params.id)}` };
  }),
  operation(holdUnused, async ({ services, caller, params, body }) => {
    return { body: await holdByPerson(services, params.id, caller, body) };
  }),
  operation(releaseUnused, async ({ services, caller, params, body }) => {
    return { body: await releaseByPerson(services, params.id, caller, body.reason) };
  }),
  operation(restoreUnused, async ({ services, caller, params, body }) => {
    const word = { by: signatureOf(caller), roles: caller.roles, reason: body.reason };
    return { body: await restoreByPerson(services, params.id, word, body.dryRun) };
  }),
];
