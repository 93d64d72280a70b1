/** One request a second for the whole tenant: many claims about one identity cost one list, and what was not read is unknown. */
import { expect, it } from "vitest";
import { createRiskLookup } from "../../../shared/engine/evidence/risk-lookup.ts";
import type { ApiAnswer, ApiRequest } from "../../../shared/ports/tenant.ts";
import { Harness } from "../../support/harness.ts";
import { leak, servicePrincipalId } from "../../support/harness-cast.ts";

async function lookup(answer: (request: ApiRequest) => readonly ApiAnswer[]) {
  const { process, clock } = await Harness.start();
  const asked: string[] = [];
  const { tenant } = process.services;
  async function* pages(request: ApiRequest) {
    asked.push(request.path);
    await new Promise((resolve) => setImmediate(resolve));
    yield* answer(request);
  }
  const read = async (requests: readonly ApiRequest[]) => requests.flatMap((request) => answer(request).slice(0, 1));
  const services = { ...process.services, tenant: { ...tenant, pages, read } };
  return { asked, clock, risks: createRiskLookup(services) };
}

function page(...value: readonly unknown[]): ApiAnswer {
  return { ok: true, status: 200, body: { value }, requestId: null };
}

const failed: ApiAnswer = {
  ok: false,
  status: 429,
  code: "TooManyRequests",
  message: "made up",
  retryable: true,
  retryAfterMs: null,
  requestId: null,
  maybeDone: false,
};

it("asks once for a thousand claims about one service principal", async () => {
  const { copy } = leak();
  const { asked, risks } = await lookup(() => [page(copy)]);
  const ids = Array.from({ length: 1000 }, (_, i) => `forged-${i}`);
  const found = await Promise.all(
    [...ids, String(copy.id)].map((detectionId) => risks.find({ servicePrincipalId, detectionId })),
  );
  expect(asked).toHaveLength(1);
  expect(found.filter((one) => one.length > 0)).toHaveLength(1);
});

it("takes a detection that may be on a page it could not read for unknown", async () => {
  const { risks } = await lookup(() => [page(), failed]);
  expect(await risks.find({ servicePrincipalId, detectionId: "on page two" })).toBe("unknown");
});

it("finds what is on a later page", async () => {
  const { copy } = leak();
  const { risks } = await lookup(() => [page(), page(copy)]);
  expect(await risks.find({ servicePrincipalId, detectionId: String(copy.id) })).toHaveLength(1);
});

it("serves who comes while a flood of claims is looked up, before the flood is over", async () => {
  const { copy } = leak();
  const { asked, risks } = await lookup(({ path }) => [path.includes("filter") ? page() : page(copy)]);
  const flood = Array.from({ length: 50 }, (_, i) =>
    risks.find({ servicePrincipalId: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`, detectionId: "forged" }),
  );
  const late = new Promise((resolve) => setImmediate(resolve)).then(() =>
    risks.find({ servicePrincipalId, detectionId: String(copy.id) }),
  );
  expect(await late).toHaveLength(1);
  expect(asked.length).toBeLessThan(10);
  await Promise.all(flood);
});

it("answers by the list that was sent before anybody asked, and sends no second one for that", async () => {
  const { copy } = leak();
  const { asked, risks } = await lookup(() => [page(copy)]);
  risks.prefetch();
  risks.prefetch();
  const early = risks.find({ servicePrincipalId, detectionId: String(copy.id) });
  expect(await early).toHaveLength(1);
  expect(await risks.find({ servicePrincipalId, detectionId: String(copy.id) })).toHaveLength(1);
  risks.prefetch();
  expect(asked).toHaveLength(1);
});

it("asks about the one who is not among the newest by itself, after the list that was sent beforehand", async () => {
  const { copy } = leak();
  const { asked, risks } = await lookup(({ path }) => (path.includes("filter") ? [page(copy)] : [page(), page()]));
  risks.prefetch();
  expect(await risks.find({ servicePrincipalId, detectionId: String(copy.id) })).toHaveLength(1);
  expect(asked.map((path) => path.includes("filter"))).toEqual([false, true]);
});

it("does not list the newest beforehand any more when Graph refuses such a list, but does when it is only busy", async () => {
  for (const [failure, lists] of [
    [{ ...failed, status: 403, code: "Authorization_RequestDenied", retryable: false }, 1],
    [failed, 2],
  ] as const) {
    const { copy } = leak();
    const { asked, risks, clock } = await lookup(({ path }) => [path.includes("filter") ? page(copy) : failure]);
    risks.prefetch();
    expect(await risks.find({ servicePrincipalId, detectionId: String(copy.id) })).toHaveLength(1);
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(2_000);
    risks.prefetch();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked.filter((path) => !path.includes("filter"))).toHaveLength(lists);
  }
});

it("reads as many pages unasked as a burst needed a moment ago, so that nobody waits for them", async () => {
  const { copy } = leak();
  const [one, two, three] = ["1", "2", "3"].map((n) => ({
    ...copy,
    id: n,
    servicePrincipalId: servicePrincipalId.slice(0, -1) + n,
  }));
  const { asked, clock, risks } = await lookup(() => [page(one), page(two, three)]);
  const find = (n: string) => risks.find({ servicePrincipalId: servicePrincipalId.slice(0, -1) + n, detectionId: n });
  await Promise.all(["1", "2", "3"].map(find));
  await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(6_000);
  risks.prefetch();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = asked.length;
  expect(await find("3")).toHaveLength(1);
  expect(asked).toHaveLength(before);
});
