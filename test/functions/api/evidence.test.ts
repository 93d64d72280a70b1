/** GET /api/incidents/{id}/evidence: a file whose very bytes hold, and a page. */
import { expect, it } from "vitest";
import type { Caller } from "../../../shared/domain/caller.ts";
import { fileOf } from "../../../shared/engine/pack/form.ts";
import { verifyEvidence } from "../../../tools/verify-evidence/verify.ts";
import { containedIncident, reader } from "../../engine/pack/incidents.ts";
import { apiOn, apiServices } from "../../support/api.ts";

const rita: Caller = { ...reader, kind: "person", roles: ["Tourniquet.Reader"] };

async function api() {
  const harness = await containedIncident();
  const { incidentId } = await harness.plan();
  return { call: apiOn(apiServices(harness.process.services)), path: `/incidents/${incidentId}/evidence` };
}

it("answers with a file that holds, made for whoever asked", async () => {
  const { call, path } = await api();
  const { status, headers, body } = await call("GET", path, { as: rita });
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/json; charset=utf-8");
  const { holds, pack } = verifyEvidence(Buffer.from(fileOf(body)), { keyId: null, heads: null });
  expect({ holds, by: pack?.madeBy }).toEqual({ holds: true, by: `${reader.name} (${reader.id})` });
});

it("answers with a page to who asks for one, which may load and run nothing", async () => {
  const { call, path } = await api();
  const answers = [
    await call("GET", `${path}?format=html`, { as: rita }),
    await call("GET", path, { as: rita, headers: { accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" } }),
  ];
  for (const { headers, body } of answers) {
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*style-src 'unsafe-inline'/);
    expect(body).toMatch(/^<!doctype html>/);
  }
  const json = await call("GET", `${path}?format=json`, { as: rita, headers: { accept: "text/html" } });
  expect(json.headers["content-type"]).toContain("application/json");
});

it("knows no incident that there is not, and shows nothing to nobody", async () => {
  const { call, path } = await api();
  const none = await call("GET", `/incidents/${"A".repeat(22)}/evidence`, { as: rita });
  expect(none).toMatchObject({ status: 404, body: { type: "urn:tourniquet:problem:no-such-incident" } });
  expect((await call("GET", path, { as: null })).status).toBe(401);
  expect((await call("GET", path, { as: { ...rita, roles: [] } })).status).toBe(403);
});
