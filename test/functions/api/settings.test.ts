/** Settings over the API: they only tighten, whoever loosens is an administrator, and everything is said and written down. */
import { describe, expect, it } from "vitest";
import type { Caller } from "../../../shared/domain/caller.ts";
import { safetyKey } from "../../../shared/domain/identity.ts";
import { type ApiAnswer, apiOn, apiServices, type CallApi } from "../../support/api.ts";
import { Harness, leaked } from "../../support/harness.ts";
import { tenantId } from "../../support/harness-cast.ts";
import { newSigner, policyWith } from "../../support/harness-world.ts";
import { callerWith } from "../../support/principal.ts";
import { putSettings } from "../../support/settings.ts";

const minute = 60_000;
const playbook = "contain-compromised-identity";
const operator = callerWith(["Tourniquet.Operator"], 1);
const admin = callerWith(["Tourniquet.Admin"], 2);

interface Desk {
  readonly harness: Harness;
  readonly call: CallApi;
  get(): Promise<ApiAnswer>;
  put(as: Caller, body: unknown, etag?: string): Promise<ApiAnswer>;
}

async function desk(policy = policyWith()): Promise<Desk> {
  const harness = await Harness.start(policy);
  const call = apiOn(apiServices(harness.process.services));
  const get = () => call("GET", "/settings", { as: operator });
  const put = async (as: Caller, body: unknown, etag?: string) => {
    const version = etag ?? (await get()).headers.etag ?? "";
    const whole = { killSwitch: null, modes: {}, reason: "drill", ...(body as object) };
    return call("PUT", "/settings", { as, body: whole, headers: { "if-match": version } });
  };
  return { harness, call, get, put };
}

/** What the settings chain of the ledger holds, by event. */
async function chain({ harness }: Desk): Promise<readonly string[]> {
  const rows = await harness.tables.stores.identities.entries(safetyKey(tenantId), "settings");
  return rows.map(({ value }) => String((value as { readonly event: unknown }).event));
}

function lineOf({ body }: ApiAnswer, id = playbook) {
  return (body as { playbooks: { id: string; set: { mode: string } | null; effective: unknown }[] }).playbooks.find(
    (one) => one.id === id,
  );
}

describe("the kill switch", () => {
  it("is thrown by an operator, shouts, says what is left of it, and is taken back by an administrator alone", async () => {
    const one = await desk();
    const on = await one.put(operator, { killSwitch: { hours: 2 } });
    expect(on).toMatchObject({ status: 200, body: { killSwitch: { on: true, secondsLeft: 7200, maxHours: 8 } } });
    expect(lineOf(on)?.effective).toEqual({ contain: "observe", eradicate: "observe", retire: "observe" });
    await leaked(one.harness);
    expect(one.harness.tenant.writes).toEqual([]);
    expect(one.harness.events("kill-switch.on")).toMatchObject([{ urgency: "page" }]);
    for (const killSwitch of [null, { hours: 1 }]) {
      expect(await one.put(operator, { killSwitch })).toMatchObject({
        status: 403,
        body: { type: expect.stringMatching(/needs-admin/) },
      });
    }
    expect(await one.put(admin, {})).toMatchObject({ status: 200, body: { killSwitch: { on: false } } });
    await one.harness.run(2 * minute);
    expect(one.harness.tenant.writes).not.toEqual([]);
    expect(await chain(one)).toEqual(
      expect.arrayContaining(["kill-switch.on", "settings.changed", "settings.refused", "kill-switch.off"]),
    );
  });

  it("is left as it is by its own end, lengthened by an operator, and never longer than the policy lets it", async () => {
    const one = await desk();
    await one.put(operator, { killSwitch: { hours: 2 } });
    const { until } = ((await one.get()).body as { killSwitch: { set: { until: string } } }).killSwitch.set;
    const kept = await one.put(operator, { killSwitch: { until }, modes: { [playbook]: "approve" } });
    expect(kept).toMatchObject({ status: 200, body: { killSwitch: { set: { until } } } });
    expect(one.harness.world.policy.killSwitch.maxHours).toBe(8);
    expect(await one.put(operator, { killSwitch: { hours: 3 }, modes: { [playbook]: "approve" } })).toMatchObject({
      status: 200,
    });
    for (const killSwitch of [{ hours: 9 }, { until: "2030-01-01T00:00:00.000Z" }]) {
      expect(await one.put(admin, { killSwitch })).toMatchObject({ status: 400 });
    }
  });

  it.each([
    ["an altered document", (harness: Harness) => putSettings(harness, { killSwitch: null }, newSigner())],
    [
      "one that is no document",
      async (harness: Harness) => {
        await putSettings(harness);
        harness.editRow("settings", () => ({ nothing: true }));
      },
    ],
    [
      "a protection list in its place",
      async (harness: Harness) => {
        await putSettings(harness);
        const payload = JSON.stringify({ tenantId, entries: [] });
        const signature = await harness.world.signer.sign(payload);
        harness.editRow("settings", () => ({ payload, signature }));
      },
    ],
  ])("counts as on for %s, which only an administrator sets anew", async (_which, spoil) => {
    const one = await desk();
    await spoil(one.harness);
    expect(await one.get()).toMatchObject({
      body: { trouble: expect.any(String), killSwitch: { on: true, secondsLeft: null } },
    });
    await leaked(one.harness);
    expect(one.harness.tenant.writes).toEqual([]);
    expect(await one.put(operator, {})).toMatchObject({ status: 403 });
    expect(await one.put(admin, {})).toMatchObject({ status: 200, body: { trouble: null, killSwitch: { on: false } } });
    await one.harness.run(2 * minute);
    expect(one.harness.tenant.writes).not.toEqual([]);
  });
});

describe("the mode of a playbook", () => {
  it("set to observe is recorded as what would be done, and goes on at once when an administrator takes that back", async () => {
    const one = await desk();
    const set = await one.put(operator, { modes: { [playbook]: "observe" } });
    expect(lineOf(set)).toMatchObject({ set: { mode: "observe" }, effective: { contain: "observe" } });
    await leaked(one.harness);
    expect(await one.harness.stage("contain")).toMatchObject({ status: "observed" });
    expect((await one.harness.stage("contain")).reasons.join()).toMatch(/mode-override: .*set to observe by person1/);
    expect(await one.put(operator, {})).toMatchObject({ status: 403 });
    expect(await one.put(admin, {})).toMatchObject({ status: 200 });
    await one.harness.clock.advance(6_000);
    await one.harness.run();
    expect(one.harness.tenant.writes).not.toEqual([]);
    expect(one.harness.events("mode.changed").map(({ urgency }) => urgency)).toEqual(["page", "page"]);
  });

  it("set to approve asks a person, and of another playbook asks nobody", async () => {
    const one = await desk();
    await one.put(operator, { modes: { [playbook]: "approve" } });
    await leaked(one.harness);
    expect(await one.harness.stage("contain")).toMatchObject({ status: "waiting" });
    const other = await desk();
    await other.put(operator, { modes: { "revoke-illicit-grant": "approve" } });
    await leaked(other.harness);
    expect(await other.harness.stage("contain")).toMatchObject({ status: "done" });
  });

  it("that is looser than the policy file is refused, also to an administrator, and that is in the ledger", async () => {
    const one = await desk(policyWith({ mode: "approve" }));
    for (const as of [operator, admin]) {
      expect(await one.put(as, { modes: { [playbook]: "enforce" } })).toMatchObject({
        status: 422,
        body: { type: expect.stringMatching(/looser-than-policy/), detail: expect.stringMatching(/can only tighten/) },
      });
    }
    expect(await chain(one)).toEqual(["settings.refused", "settings.refused"]);
    expect(lineOf(await one.get())?.set).toBeNull();
  });

  it("of an unknown playbook, or an unknown mode, is refused, and nothing is written", async () => {
    const one = await desk();
    expect(await one.put(admin, { modes: { "contain-everything": "observe" } })).toMatchObject({ status: 422 });
    expect(await one.put(admin, { modes: { [playbook]: "notify" } })).toMatchObject({ status: 400 });
    expect(await chain(one)).toEqual([]);
  });
});

describe("versions", () => {
  it("one must be named, and of two who name the same exactly one is heard", async () => {
    const one = await desk();
    const { etag = "" } = (await one.get()).headers;
    const body = { killSwitch: null, modes: {}, reason: "drill" };
    expect(await one.call("PUT", "/settings", { as: admin, body })).toMatchObject({ status: 428 });
    const answers = await Promise.all([
      one.put(operator, { modes: { [playbook]: "observe" } }, etag),
      one.put(admin, { killSwitch: { hours: 1 } }, etag),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await chain(one)).filter((event) => event === "settings.changed")).toHaveLength(1);
  });

  it("another is there once the switch has fallen off by itself, and the same for a change that changes nothing", async () => {
    const one = await desk();
    await one.put(operator, { killSwitch: { hours: 1 } });
    const { etag = "" } = (await one.get()).headers;
    expect((await one.call("GET", "/settings", { as: operator, headers: { "if-none-match": etag } })).status).toBe(304);
    await one.harness.clock.advance(61 * minute);
    const later = await one.get();
    expect(later.headers.etag).not.toBe(etag);
    expect(later).toMatchObject({ body: { killSwitch: { on: false, set: null } } });
  });
});
