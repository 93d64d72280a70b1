/** Starting a playbook by hand. The plan's id is known only when the writer has looked, so the answer leads to the request. */
import { ZodError } from "zod";
import { getRequest, startRun } from "../../shared/api/starts.ts";
import { signatureOf } from "../../shared/domain/caller.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { findRequest, type KnownRequest } from "../../shared/engine/people/requests/find-request.ts";
import { requestStart } from "../../shared/engine/people/requests/start-by-person.ts";
import { type Operation, operation } from "./handler.ts";
import { InputError } from "./problems.ts";

export const startOperations: readonly Operation[] = [
  operation(startRun, async ({ services, caller, params, body, idempotencyKey }) => {
    const { playbook, parameters, reason, dryRun } = body;
    const mode = dryRun ? "observe" : body.mode;
    const word = { by: signatureOf(caller), roles: caller.roles, reason, parameters, mode, idempotencyKey };
    const { requestId, request } = await requestStart(services, playbook, params.id, word).catch(withWhere);
    const answer = { requestId, playbook, mode: request.mode, by: request.by, at: request.at };
    return { body: answer, location: `/requests/${requestId}` };
  }),
  operation(getRequest, async ({ services, params }) => ({ body: shown(await findRequest(services, params.id)) })),
];

/** What does not fit a playbook's parameters is a part of the body. */
function withWhere(error: unknown): never {
  const isInput = error instanceof TerminalError && error.code === "bad-parameters" && error.cause instanceof ZodError;
  if (!isInput || !(error.cause instanceof ZodError)) throw error;
  const where = (path: readonly PropertyKey[]) => ["body", "parameters", ...path.map(String)].join(".");
  throw new InputError(error.cause.issues.map(({ path, message }) => ({ where: where(path), problem: message })));
}

function shown({ id, request, outcome }: KnownRequest) {
  const { playbook, parameters, mode, by, reason, at, expiresAt } = request;
  return {
    requestId: id,
    ...{ playbook, parameters, mode, by, reason, at, expiresAt },
    state: outcome?.state ?? ("waiting" as const),
    why: outcome?.state === "refused" ? outcome.why : null,
    planId: outcome?.state === "planned" ? outcome.planId : null,
    incidentId: outcome?.state === "planned" ? outcome.incidentId : null,
    settledAt: outcome?.at ?? null,
  };
}
