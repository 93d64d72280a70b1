/** A request that is sent again is answered again, not done again: at once, later, after a crash, and by whom. */
import { HttpRequest, type HttpResponseInit } from "@azure/functions";
import { describe, expect, it } from "vitest";
import { operation } from "../../../functions/api/handler.ts";
import { serve } from "../../../functions/api/serve.ts";
import type { Caller } from "../../../shared/domain/caller.ts";
import { RetryableError, TerminalError } from "../../../shared/domain/errors.ts";
import { apiServices } from "../../support/api.ts";
import { newWorld, startProcess, type World } from "../../support/harness-world.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { callerWith, claimsOf, principalOf } from "../../support/principal.ts";
import { count } from "./app/count.ts";
import { startApi } from "./host.ts";

const minute = 60_000;
const olga = callerWith(["Tourniquet.Operator"], 1);
const otto = callerWith(["Tourniquet.Operator"], 2);

interface Asked {
  readonly key?: string;
  readonly note?: string;
  readonly as?: Caller;
}

/** `work` is done where the operation would count. */
function counter(world: World, work: (done: number) => Promise<void> = async () => undefined) {
  let done = 0;
  const stores = createMemoryStores({ clock: world.clock, data: world.data });
  const services = { ...apiServices(startProcess(world).services), stores };
  const counting = operation(count, async () => {
    done += 1;
    const which = done;
    await work(which);
    return { body: { done: which }, location: `/x-count/${which}`, etag: `v${which}` };
  });
  const handler = serve(counting, async () => ({ services, platformAuthentication: true }));
  const ask = async ({ key = "key-1", note = "n", as = olga }: Asked = {}) => {
    const principal = principalOf(claimsOf(as, world.clock.now() + 60 * minute));
    const request = new HttpRequest({
      method: "POST",
      url: "https://tourniquet.example/api/x-count",
      headers: { "content-type": "application/json", "idempotency-key": key, "x-ms-client-principal": principal },
      body: { string: JSON.stringify({ note }) },
    });
    return answerOf(await handler(request));
  };
  return { ask, stores, done: () => done };
}

function answerOf({ status, headers, body }: HttpResponseInit) {
  const named = new Headers(headers as Record<string, string>);
  return {
    status,
    body: JSON.parse(String(body)) as { done?: number; type?: string },
    replayed: named.get("idempotency-replayed"),
    location: named.get("location"),
    etag: named.get("etag"),
    retryAfter: named.get("retry-after"),
  };
}

describe("Idempotency-Key", () => {
  it("has one effect of twenty requests at once, over sockets", async () => {
    const api = await startApi();
    try {
      const principal = principalOf(claimsOf(olga, Date.now() + 60 * minute));
      const headers = {
        "content-type": "application/json",
        "idempotency-key": '"one"',
        "x-ms-client-principal": principal,
      };
      const sent = { method: "POST", path: "/api/x-count", headers, body: '{"note":"n"}' };
      const answers = await Promise.all(Array.from({ length: 20 }, () => api.send(sent)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses).toContain(202);
      expect(statuses.every((status) => status === 202 || status === 409)).toBe(true);
      const done = answers.filter(({ status }) => status === 202);
      expect(done.every(({ body }) => (body as { done: number }).done === 1)).toBe(true);
      const later = await api.send(sent);
      expect({ status: later.status, body: later.body, headers: later.headers }).toMatchObject({
        status: 202,
        body: { done: 1 },
        headers: { location: "/api/x-count/1", "idempotency-replayed": "true" },
      });
      expect((await api.send({ ...sent, headers: { ...headers, "idempotency-key": "two" } })).body).toEqual({
        done: 2,
      });
    } finally {
      await api.stop();
    }
  });

  it("answers the same again for a day, location and version included, and then forgets", async () => {
    const world = newWorld();
    const { ask, done } = counter(world);
    const first = await ask();
    expect(first).toMatchObject({ status: 202, replayed: null, location: "/api/x-count/1", etag: '"v1"' });
    await world.clock.advance(23 * 60 * minute);
    expect(await ask()).toEqual({ ...first, replayed: "true" });
    await world.clock.advance(61 * minute);
    expect(await ask()).toMatchObject({ status: 202, replayed: null, body: { done: 2 } });
    expect(done()).toBe(2);
  });

  it("refuses the key for another request, and takes it from another caller", async () => {
    const { ask, done } = counter(newWorld());
    await ask();
    expect(await ask({ note: "other" })).toMatchObject({
      status: 422,
      body: { type: "urn:tourniquet:problem:idempotency-key-reused" },
    });
    expect(await ask({ as: otto, note: "other" })).toMatchObject({ status: 202, replayed: null });
    expect(done()).toBe(2);
  });

  it("says that the first one still runs", async () => {
    const { promise: running, resolve: finish } = Promise.withResolvers<void>();
    const { ask, done } = counter(newWorld(), () => running);
    const first = ask();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await ask()).toMatchObject({
      status: 409,
      body: { type: "urn:tourniquet:problem:idempotency-key-running" },
    });
    finish();
    expect((await first).status).toBe(202);
    expect(await ask()).toMatchObject({ status: 202, replayed: "true" });
    expect(done()).toBe(1);
  });

  it("does it again when whoever did it died, but only once nothing of it can still run", async () => {
    const world = newWorld();
    const never = new Promise<void>(() => undefined);
    void counter(world, () => never).ask();
    await new Promise((resolve) => setImmediate(resolve));
    const { ask } = counter(world);
    await world.clock.advance(4 * minute);
    const early = await ask();
    expect(early.status).toBe(409);
    expect(Number(early.retryAfter)).toBeGreaterThan(0);
    await world.clock.advance(minute);
    expect(await ask()).toMatchObject({ status: 202, replayed: null });
    expect(await ask()).toMatchObject({ status: 202, replayed: "true" });
  });

  it.each([
    [409, () => new TerminalError("not now", { code: "under-way" })],
    [503, () => new RetryableError("storage", { code: "storage-unreachable" })],
    [500, () => new Error("a bug")],
  ])("keeps no answer of %i, so that the same key may try again", async (status, errorOf) => {
    const world = newWorld();
    const { ask } = counter(world, async (which) => {
      if (which === 1) throw errorOf();
    });
    expect((await ask()).status).toBe(status);
    expect([...world.data.identities.values()].every((rows) => rows.size === 0)).toBe(true);
    expect(await ask()).toMatchObject({ status: 202, replayed: null });
  });

  it("answers for what was done although its row could not be kept", async () => {
    const world = newWorld();
    const { ask, stores } = counter(world, async () => stores.failNext("identities.commit"));
    expect((await ask()).status).toBe(202);
    expect(world.log.join()).toContain("could not be written");
  });

  it("stores neither the key nor what was asked", async () => {
    const world = newWorld();
    await counter(world).ask({ key: "my-own-key", note: "a secret reason" });
    const stored = JSON.stringify([...world.data.identities].map(([key, rows]) => [key, [...rows]]));
    expect(stored).toContain("idempotency");
    expect(stored).not.toMatch(/my-own-key|secret reason/);
  });
});
