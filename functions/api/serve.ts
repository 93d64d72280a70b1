/**
 * One operation as a handler of the functions host. In this order: who is it, may they, does the input fit, was it done already, do it,
 * answer. Whatever goes wrong is answered as a problem and logged once; nothing is written before the input fits.
 */
import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { Route } from "../../shared/api/route.ts";
import type { Caller } from "../../shared/domain/caller.ts";
import { describeError, RetryableError } from "../../shared/domain/errors.ts";
import { preferredType } from "./accepts.ts";
import { type Answer, answerOf, toHttp, troubleAnswer, unlessKnown } from "./answer.ts";
import type { Api } from "./api.ts";
import { authenticate, authorise, refuseForged } from "./authenticate.ts";
import { ifMatchIn, requireIfMatch } from "./etag.ts";
import type { Call, Operation } from "./handler.ts";
import { idempotencyKeyIn, once } from "./idempotency.ts";
import { troubleOf } from "./problems.ts";
import { readInput } from "./read-input.ts";
import { sentToSignIn } from "./sign-in.ts";
import { wakeAfter } from "./wake-after.ts";

type AnyCall = Omit<Call<Route>, "services">;

/** Who calls an operation that anybody may call. */
const stranger: Caller = { id: "00000000-0000-0000-0000-000000000000", name: null, kind: "workload", roles: [] };

export function serve(operation: Operation, api: () => Promise<Api>) {
  const { route } = operation;
  return async (request: HttpRequest): Promise<HttpResponseInit> => {
    let caller: Caller | null = null;
    const made = await api().catch(onlyRetryable);
    if (made instanceof RetryableError) return toHttp(troubleAnswer(troubleOf(made, pathOf(request))));
    try {
      caller = whoCalls(route, request, made);
      authorise(route, caller, request);
      return toHttp(await answer(operation, request, made, caller ?? stranger));
    } catch (error) {
      return toHttp(refuse(route, request, made, caller, error));
    }
  };
}

/** The app is composed again with the next request; anything else is for the host to log. */
function onlyRetryable(error: unknown): RetryableError {
  if (error instanceof RetryableError) return error;
  throw error;
}

function pathOf(request: HttpRequest): string {
  return new URL(request.url).pathname;
}

function whoCalls(route: Route, request: HttpRequest, { services, platformAuthentication }: Api): Caller | null {
  const gate = { platformAuthentication, tenantId: services.policy.tenantId, now: services.clock.now() };
  if (route.role !== null) return authenticate(request, gate);
  refuseForged(request, gate);
  return null;
}

async function answer(operation: Operation, request: HttpRequest, api: Api, caller: Caller): Promise<Answer> {
  const { route } = operation;
  const { headers } = request;
  const ifMatch = ifMatchIn(headers.get("if-match"));
  const idempotencyKey = route.idempotent === true ? idempotencyKeyIn(headers.get("idempotency-key")) : null;
  const { text, body, ...input } = await readInput(route, request);
  if (route.etag === "required") requireIfMatch(ifMatch);
  const accepts = preferredType(headers.get("accept"), ["application/json", ...(route.answer.contentTypes ?? [])]);
  // handlers see their own route's types; which those are is not known here (see `operation`)
  const call = { ...input, body: body as AnyCall["body"], caller, ifMatch, idempotencyKey, accepts };
  const work = () => handle(operation, request, api, call);
  if (idempotencyKey === null) return work();
  const same = [route.id, pathOf(request), ifMatch ?? "", text];
  return once(api.services, { key: idempotencyKey, caller, request: same }, work);
}

async function handle(operation: Operation, request: HttpRequest, api: Api, call: AnyCall): Promise<Answer> {
  const { route } = operation;
  const { services, wake } = wakeAfter(api.services);
  try {
    const reply = await operation.handle({ ...call, services });
    const made = answerOf(route, reply);
    return route.method === "GET" ? unlessKnown(made, request.headers.get("if-none-match"), reply.etag) : made;
  } finally {
    await wake();
  }
}

function refuse(route: Route, request: HttpRequest, api: Api, caller: Caller | null, error: unknown): Answer {
  const trouble = troubleOf(error, pathOf(request));
  const { status } = trouble.problem;
  const fields = { route: route.id, caller: caller?.id ?? "nobody", status, code: trouble.code };
  const { logger } = api.services;
  if (status >= 500) logger.error("The API failed to answer a request", { ...fields, error: describeError(error) });
  else logger.warn("The API refused a request", { ...fields, reason: trouble.problem.detail });
  return sentToSignIn(route, request, api, trouble.code) ?? troubleAnswer(trouble);
}
