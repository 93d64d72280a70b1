/** Azure Resource Manager over the same chain as Graph: lanes, retries, deadlines and the host check are one. */
import type { ApiRequest } from "../ports/tenant.ts";
import { notSent } from "./answers.ts";
import { Call, type DirectContext } from "./call.ts";
import { armCallHeaders } from "./headers.ts";
import { chain, type Transport, type TransportParts } from "./transport.ts";

/** Throws only what the caller's `onSent` throws. */
export function createArmTransport(parts: TransportParts): Transport {
  const links = chain(parts, { service: "Azure Resource Manager", headers: armCallHeaders });
  for (const [i, following] of links.slice(1).entries()) links[i]?.setNext?.(following);
  return async (facts) => {
    const call = new Call(facts);
    const { request } = facts;
    const context: DirectContext = { call, request: parts.baseUrl + request.path, options: optionsOf(request) };
    try {
      await links[0].execute(context);
    } catch (error) {
      throw call.thrown === null ? error : call.thrown.error;
    }
    return (
      call.answer ?? notSent("unsent", "The request never reached the wire; this is a bug in the middleware chain.")
    );
  };
}

function optionsOf({ method, body }: ApiRequest): NonNullable<DirectContext["options"]> {
  if (body === undefined) return { method };
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
