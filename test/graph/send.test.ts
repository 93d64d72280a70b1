/** Changes: sent once, repeated only when the server certainly did not do them. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type ApiRequest, apiPath } from "../../shared/ports/tenant.ts";
import { graphError, rig } from "./graph-server.ts";

const disable: ApiRequest = {
  method: "PATCH",
  version: "v1.0",
  path: apiPath`/servicePrincipals/${"11111111-0000-0000-0000-000000000000"}`,
  lane: "directory-write",
  body: { accountEnabled: false },
};

async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe("a change", () => {
  it("goes out with our token, its own request id, priority and the unknown-enum preference, and 204 is success", async () => {
    const { tenant, seen, deadlineAt } = await rig(() => ({ status: 204, headers: { "request-id": "r-1" } }));
    const answer = await tenant.send(disable, { deadlineAt, clientRequestId: "ours-1", priority: "high" });
    expect(answer).toEqual({ ok: true, status: 204, body: null, requestId: "r-1" });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: "PATCH", url: `/v1.0${disable.path}`, body: { accountEnabled: false } });
    expect(seen[0]?.headers).toMatchObject({
      authorization: "Bearer test-token",
      "client-request-id": "ours-1",
      "x-ms-throttle-priority": "high",
      prefer: "include-unknown-enum-members",
      "content-type": "application/json",
    });
  });

  it("without a body sends none, not the word null", async () => {
    const { tenant, seen, deadlineAt } = await rig(() => ({ status: 200, body: {} }));
    const path = "/directory/deletedItems/11111111-0000-0000-0000-000000000000/restore";
    await tenant.send({ method: "POST", version: "v1.0", path, lane: "directory-write" }, { deadlineAt });
    expect(seen[0]?.headers["content-length"] ?? "0").toBe("0");
    expect(seen[0]?.headers["transfer-encoding"]).toBeUndefined();
  });

  it("keeps the request's own headers and other preferences", async () => {
    const { tenant, seen, deadlineAt } = await rig(() => ({ status: 200, body: {} }));
    const headers = { ConsistencyLevel: "eventual", Prefer: "odata.maxpagesize=5" };
    await tenant.send({ ...disable, headers }, { deadlineAt });
    expect(seen[0]?.headers).toMatchObject({
      consistencylevel: "eventual",
      prefer: "include-unknown-enum-members, odata.maxpagesize=5",
    });
  });

  it("waits exactly as long as Retry-After says when throttled, then succeeds", async () => {
    const { tenant, seen, clock, deadlineAt } = await rig((_, nth) =>
      nth === 1
        ? { status: 429, headers: { "retry-after": "7" }, body: graphError("TooManyRequests") }
        : { status: 204 },
    );
    const startedAt = clock.now();
    expect(await tenant.send(disable, { deadlineAt })).toMatchObject({ ok: true });
    expect(seen).toHaveLength(2);
    expect(clock.now() - startedAt).toBe(7_000);
  });

  it("is repeated after a 429 without Retry-After, later each time", async () => {
    const { tenant, seen, clock, deadlineAt } = await rig((_, nth) => ({ status: nth < 4 ? 429 : 204 }));
    const startedAt = clock.now();
    expect(await tenant.send(disable, { deadlineAt })).toMatchObject({ ok: true });
    expect(seen).toHaveLength(4);
    expect(clock.now() - startedAt).toBe(3 * 100 + 250 + 500 + 1_000);
  });

  it("backs off a little over its second when Identity Protection throttles, which never names a time", async () => {
    const { tenant, clock, deadlineAt } = await rig((_, nth) => ({ status: nth === 1 ? 429 : 204 }));
    const startedAt = clock.now();
    await tenant.send({ ...disable, method: "POST", lane: "identity-protection" }, { deadlineAt });
    expect(clock.now() - startedAt).toBe(1_100);
  });

  it("is repeated after a 503 with Retry-After and not after one without", async () => {
    const polite = await rig((_, nth) =>
      nth === 1 ? { status: 503, headers: { "retry-after": "1" } } : { status: 204 },
    );
    expect(await polite.tenant.send(disable, { deadlineAt: polite.deadlineAt })).toMatchObject({ ok: true });
    const rude = await rig(() => ({ status: 503 }));
    const answer = await rude.tenant.send(disable, { deadlineAt: rude.deadlineAt });
    expect(answer).toMatchObject({ ok: false, status: 503, retryable: true, maybeDone: true });
    expect(rude.seen).toHaveLength(1);
  });

  it.each(["PATCH", "POST", "DELETE"] as const)("%s is not sent again when its answer is lost", async (method) => {
    const { tenant, seen, deadlineAt } = await rig(() => "drop");
    const answer = await tenant.send({ ...disable, method }, { deadlineAt });
    expect(answer).toMatchObject({ ok: false, status: 0, code: "network", retryable: true, maybeDone: true });
    expect(answer).toHaveProperty("cause");
    expect(seen).toHaveLength(1);
  });

  it.each([500, 502, 504])("is not sent again after %i, and may be done", async (status) => {
    const { tenant, seen, deadlineAt } = await rig(() => ({ status }));
    expect(await tenant.send(disable, { deadlineAt })).toMatchObject({ ok: false, status, maybeDone: true });
    expect(seen).toHaveLength(1);
  });

  it("that gets no answer in time is a timeout and may be done", async () => {
    const { tenant, seen, deadlineAt } = await rig(() => "hang", { requestTimeoutMs: 30 });
    const answer = await tenant.send(disable, { deadlineAt });
    expect(answer).toMatchObject({ ok: false, code: "timeout", retryable: true, maybeDone: true });
    expect(seen).toHaveLength(1);
  });

  it("is certainly not done when nobody listens at the address", async () => {
    const { tenant, deadlineAt } = await rig(() => "drop", { baseUrl: await closedAddress() });
    const answer = await tenant.send(disable, { deadlineAt });
    expect(answer).toMatchObject({ ok: false, status: 0, code: "network", retryable: true, maybeDone: false });
  });

  it("answers with the throttling when Retry-After outlasts the deadline, without waiting", async () => {
    const { tenant, seen, clock } = await rig(() => ({ status: 429, headers: { "retry-after": "120" } }));
    const startedAt = clock.now();
    const answer = await tenant.send(disable, { deadlineAt: startedAt + 5_000 });
    expect(answer).toMatchObject({ ok: false, status: 429, retryable: true, retryAfterMs: 120_000, maybeDone: false });
    expect(seen).toHaveLength(1);
    expect(clock.now()).toBe(startedAt);
  });

  it("finds a throttled lane closed for everybody, and says for how long", async () => {
    const { tenant, seen, clock } = await rig(() => ({ status: 429, headers: { "retry-after": "120" } }));
    const deadlineAt = clock.now() + 5_000;
    await tenant.send(disable, { deadlineAt });
    const answer = await tenant.send(disable, { deadlineAt });
    expect(answer).toMatchObject({ ok: false, code: "deadline", retryAfterMs: 120_000, maybeDone: false });
    expect(seen).toHaveLength(1);
  });

  it("past its deadline is not sent", async () => {
    const { tenant, seen, clock } = await rig(() => ({ status: 204 }));
    let sent = 0;
    const answer = await tenant.send(disable, { deadlineAt: clock.now() - 1, onSent: () => sent++ });
    expect(answer).toMatchObject({ ok: false, code: "deadline", retryable: true, maybeDone: false });
    expect([seen.length, sent]).toEqual([0, 0]);
  });
});

describe("onSent", () => {
  it("is called once, before the request is on the wire, however often it is repeated", async () => {
    const { tenant, seen, deadlineAt } = await rig((_, nth) => ({ status: nth < 3 ? 429 : 204 }));
    const arrivedBefore: number[] = [];
    await tenant.send(disable, { deadlineAt, onSent: () => arrivedBefore.push(seen.length) });
    expect(arrivedBefore).toEqual([0]);
  });

  it("that throws keeps the request off the wire, and its own error comes out", async () => {
    const { tenant, seen, deadlineAt } = await rig(() => ({ status: 204 }));
    const crash = new Error("stopped here");
    const call = tenant.send(disable, {
      deadlineAt,
      onSent() {
        throw crash;
      },
    });
    await expect(call).rejects.toBe(crash);
    expect(seen).toHaveLength(0);
  });

  it("is not called when there is no token", async () => {
    const { tenant, seen, deadlineAt } = await rig(() => ({ status: 204 }), {
      getToken: () => Promise.reject(new Error("no identity endpoint")),
    });
    let sent = 0;
    const answer = await tenant.send(disable, { deadlineAt, onSent: () => sent++ });
    expect(answer).toMatchObject({ ok: false, code: "token", retryable: true, maybeDone: false });
    expect([seen.length, sent]).toEqual([0, 0]);
  });
});
