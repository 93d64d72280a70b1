/** Worlds to read from, and every answer held against its route's own schema, strictly. */
import type { z } from "zod";
import type { Caller } from "../../../shared/domain/caller.ts";
import type { EventSource } from "../../../shared/ports/event-source.ts";
import { apiOn, apiServices } from "../../support/api.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { addIdentity, another, leak } from "../../support/harness-cast.ts";
import { policyWith } from "../../support/harness-world.ts";

export const rita: Caller = {
  id: "99999999-0000-4000-8000-000000000001",
  name: "rita@contoso.example",
  kind: "person",
  roles: ["Tourniquet.Reader"],
};

interface AnyRoute<S extends z.ZodType> {
  readonly method: string;
  readonly answer: { readonly status: number; readonly schema: S };
}

/** Asks as somebody who may read; throws unless it is answered well and by its schema, nothing besides. */
export function asking(harness: Pick<Harness, "process">, events?: EventSource) {
  const call = apiOn(apiServices(harness.process.services, events));
  return async <S extends z.ZodType>(route: AnyRoute<S>, path: string, as: Caller = rita): Promise<z.output<S>> => {
    const { status, body } = await call(route.method, path, { as });
    if (status !== route.answer.status) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return route.answer.schema.parse(body);
  };
}

export function callOn(harness: Harness) {
  const call = apiOn(apiServices(harness.process.services));
  return (path: string) => call("GET", path, { as: rita });
}

/** The victim and `more` others like it, leaked one after the other; the policy asks before anything. */
export async function leakedWorld(more: number): Promise<Harness> {
  const harness = await Harness.start(policyWith({ mode: "approve" }));
  await leaked(harness);
  for (let n = 0; n < more; n++) await leakAnother(harness, n);
  return harness;
}

export async function leakAnother(harness: Harness, n: number): Promise<void> {
  await harness.clock.advance(1_000);
  const ids = another(n);
  const { record, copy } = leak({ ...ids, id: `detection-of-${n}`, at: harness.clock.now() - 1_000 });
  harness.tenant.change((directory) => {
    addIdentity(directory, ids);
    directory.riskDetections.push(copy);
  });
  await harness.deliver(record);
  await harness.run();
}
