/** Many confirmations become few calls: never of two kinds in one, never above sixty ids, and nobody pays for another's id. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGather } from "../../../shared/engine/snapshot/gather.ts";
import type { ApiAnswer, ApiRequest } from "../../../shared/ports/tenant.ts";
import { newWorld, startProcess } from "../../support/harness-world.ts";

const bad = "bad";
const kinds = ["confirmCompromised", "dismiss"] as const;

function requestOf(kind: string, id: string): ApiRequest {
  const path = `/identityProtection/riskyServicePrincipals/${kind}`;
  return { method: "POST", version: "v1.0", path, lane: "identity-protection", body: { servicePrincipalIds: [id] } };
}

function gathering(status = 400) {
  const calls: { readonly path: string; readonly ids: readonly string[] }[] = [];
  const { services } = startProcess(newWorld());
  const send = async ({ path, body }: ApiRequest): Promise<ApiAnswer> => {
    const ids = body?.servicePrincipalIds as readonly string[];
    calls.push({ path, ids });
    await Promise.resolve();
    const failure = { code: "x", message: "x", retryAfterMs: null, requestId: null, maybeDone: false } as const;
    if (ids.includes(bad)) return { ok: false, status, retryable: false, ...failure };
    return { ok: true, status: 204, body: null, requestId: "r" };
  };
  return { calls, gather: createGather({ ...services, tenant: { ...services.tenant, send } }) };
}

const options = { deadlineAt: Number.MAX_SAFE_INTEGER };

describe("gathered requests", () => {
  it("go together as far as one call holds them, and each id goes exactly once where Graph takes all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...kinds), { maxLength: 200 }), async (wanted) => {
        const { calls, gather } = gathering();
        await Promise.all(wanted.map((kind, i) => gather.send(requestOf(kind, `${kind}-${i}`), options)));
        expect(calls.flatMap(({ ids }) => ids).sort()).toEqual(wanted.map((kind, i) => `${kind}-${i}`).sort());
        for (const { path, ids } of calls) {
          expect(ids.length).toBeLessThanOrEqual(60);
          expect(ids.every((id) => path.endsWith(id.slice(0, id.indexOf("-"))))).toBe(true);
        }
        expect(calls.length).toBeLessThanOrEqual(Math.ceil(wanted.length / 60) + 3);
      }),
      { numRuns: 30 },
    );
  });

  it("answers everybody but the one whose id Graph refuses", async () => {
    const { calls, gather } = gathering();
    const ids = [...Array.from({ length: 40 }, (_, i) => `id-${i}`), bad];
    const answers = await Promise.all(ids.map((id) => gather.send(requestOf("dismiss", id), options)));
    expect(answers.map(({ ok }) => ok)).toEqual(ids.map((id) => id !== bad));
    expect(calls.length).toBeLessThan(16);
  });

  it("asks once when we are refused as such: a licence is nobody's id", async () => {
    const { calls, gather } = gathering(403);
    const ids = ["first", bad, "second"];
    await gather.send(requestOf("dismiss", "zeroth"), options);
    const answers = await Promise.all(ids.map((id) => gather.send(requestOf("dismiss", id), options)));
    expect(answers.at(-1)?.ok).toBe(false);
    expect(calls.length).toBeLessThanOrEqual(3);
  });

  it("sends by itself what is no list of ids", async () => {
    const { gather, calls } = gathering();
    const request = { ...requestOf("dismiss", "a"), body: { servicePrincipalIds: ["a"], note: "b" } };
    await Promise.all([gather.send(request, options), gather.send(requestOf("dismiss", "c"), options)]);
    expect(calls.map(({ ids }) => ids)).toEqual([["a"], ["c"]]);
  });
});
