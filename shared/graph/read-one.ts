/** One read, alone; and what several reads have in common. */
import type { ApiAnswer, ApiRequest, CallOptions } from "../ports/tenant.ts";
import { laneCost } from "./resource-units.ts";
import type { Transport } from "./transport.ts";

export function readOne(request: ApiRequest, options: CallOptions, transport: Transport): Promise<ApiAnswer> {
  return transport({ request, options, lane: request.lane, costs: [laneCost(request)], repeatable: true });
}

/** Several HTTP requests may leave for one read; the caller hears of the first. */
export function tellOnce({ onSent, ...options }: CallOptions): CallOptions {
  if (onSent === undefined) return options;
  let told = false;
  return {
    ...options,
    onSent() {
      if (!told) onSent();
      told = true;
    },
  };
}
