/** Which agents a disable of a blueprint stops: all of them by Graph's list, or nobody knows. */
import { expect, it } from "vitest";
import { agentsStoppedBy } from "../../../shared/engine/snapshot/blueprint-agents.ts";
import type { ApiAnswer } from "../../../shared/ports/tenant.ts";
import { disable, facts, removal } from "../../support/guardrail-subject.ts";
import { Harness } from "../../support/harness.ts";

const blueprint = facts({ kind: "agent-blueprint" });
const agent = "0e4f1a3c-6a4e-4d2e-9b1a-4d8a0c9f2b11";
const listed: ApiAnswer = { ok: true, status: 200, body: { value: [{ id: agent }] }, requestId: null };
const off = { ...disable, action: "disable-agent" };

async function asking(answer: ApiAnswer) {
  const { services } = (await Harness.start()).process;
  const asked: string[] = [];
  const read = async (requests: readonly { readonly path: string }[]) => {
    asked.push(...requests.map(({ path }) => path));
    return requests.map(() => answer);
  };
  return { asked, services: { ...services, tenant: { ...services.tenant, read } } };
}

it("are those that Graph lists under its appId", async () => {
  const { asked, services } = await asking(listed);
  expect(await agentsStoppedBy(services, blueprint, [off])).toEqual([agent]);
  expect(asked).toEqual([expect.stringContaining(`agentIdentityBlueprintId eq '${blueprint.identity.appId}'`)]);
});

it("are not asked for where nothing is switched off, or one agent alone", async () => {
  const { asked, services } = await asking(listed);
  expect(await agentsStoppedBy(services, blueprint, [removal("all")])).toEqual([]);
  expect(await agentsStoppedBy(services, facts({ kind: "agent" }), [off])).toEqual([]);
  expect(asked).toEqual([]);
});

it("are unknown where the list cannot be read, or is no list", async () => {
  const denied = { ok: false, status: 403, code: "Forbidden", message: "x", retryable: false } as const;
  const { services } = await asking({ ...denied, retryAfterMs: null, requestId: null, maybeDone: false });
  expect(await agentsStoppedBy(services, blueprint, [off])).toBeNull();
  const odd = await asking({ ...listed, body: { value: "none" } });
  expect(await agentsStoppedBy(odd.services, blueprint, [off])).toBeNull();
});
