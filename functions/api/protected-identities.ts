/** What people protect at run time. */
import {
  deleteProtectedIdentity,
  listProtectedIdentities,
  putProtectedIdentity,
} from "../../shared/api/protected-identities.ts";
import { signatureOf } from "../../shared/domain/caller.ts";
import {
  type ProtectionState,
  protect,
  readProtectionState,
  unprotect,
} from "../../shared/engine/people/settings/protect-by-person.ts";
import { protectedByPolicy } from "../../shared/engine/people/settings/protected-by-policy.ts";
import type { ApiServices } from "./handler.ts";
import { type Operation, operation } from "./handler.ts";

export const protectionOperations: readonly Operation[] = [
  operation(listProtectedIdentities, async ({ services }) => shown(services, await readProtectionState(services))),
  operation(putProtectedIdentity, async ({ services, caller, params, body, ifMatch }) => {
    const word = { by: signatureOf(caller), roles: caller.roles, reason: body.reason };
    return shown(services, await protect(services, idIn(params.id), body.how, word, ifMatch));
  }),
  operation(deleteProtectedIdentity, async ({ services, caller, params, query, ifMatch }) => {
    const word = { by: signatureOf(caller), roles: caller.roles, reason: query.reason };
    return shown(services, await unprotect(services, idIn(params.id), word, ifMatch));
  }),
];

/** Ids protect whatever they are of. */
function idIn(id: string): string {
  return id.replace(/^appId:/, "");
}

function shown({ policy }: ApiServices, { entries, trouble, version }: ProtectionState) {
  return { body: { trouble, items: [...entries], policy: [...protectedByPolicy(policy)] }, etag: version };
}
