/** Graph's audit log answers slowly, and what it holds never changes: a record is read once. */
import { expect, it } from "vitest";
import { createAuditLookup } from "../../../shared/engine/evidence/audit-lookup.ts";
import type { ApiAnswer, ApiRequest } from "../../../shared/ports/tenant.ts";
import { Harness } from "../../support/harness.ts";

const there: ApiAnswer = { ok: true, status: 200, body: { id: "one" }, requestId: null };
const away = { code: "x", message: "made up", retryAfterMs: null, requestId: null, maybeDone: false } as const;
const missing: ApiAnswer = { ok: false, status: 404, retryable: false, ...away };
const throttled: ApiAnswer = { ok: false, status: 429, retryable: true, ...away };

async function lookup(...answers: readonly ApiAnswer[]) {
  const { services } = (await Harness.start()).process;
  const asked: string[] = [];
  const read = async (requests: readonly ApiRequest[]) =>
    requests.map(({ path }) => {
      asked.push(path);
      return answers[asked.length - 1] ?? there;
    });
  return { asked, audits: createAuditLookup({ ...services, tenant: { ...services.tenant, read } }) };
}

it("reads a record once for all who ask, at the same time or later", async () => {
  const { asked, audits } = await lookup();
  const found = await Promise.all([audits.find("one"), audits.find("one")]);
  expect([...found, await audits.find("one")]).toEqual([there, there, there]);
  expect(asked).toEqual(["/auditLogs/directoryAudits/one"]);
});

it("reads again what was not there yet, and what could not be read", async () => {
  const { asked, audits } = await lookup(missing, throttled);
  expect(await audits.find("one")).toBe(missing);
  expect(await audits.find("one")).toBe(throttled);
  expect(await audits.find("one")).toBe(there);
  expect(asked).toHaveLength(3);
});

it("forgets the oldest when there are too many", async () => {
  const { asked, audits } = await lookup();
  for (let n = 0; n <= 500; n++) await audits.find(`record-${n}`);
  await audits.find("record-500");
  expect(asked).toHaveLength(501);
  await audits.find("record-0");
  expect(asked).toHaveLength(502);
});
