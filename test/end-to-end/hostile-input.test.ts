/** Records that name whom we must never touch, or nobody, or are no records: no write, a clear reason, and the next one. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { deadLetters, isDisabled, leak, runsOf, until, writesTo } from "../support/system.ts";
import { forgedLeak } from "../support/system-forgeries.ts";
import {
  claimOn,
  type HostileTenant,
  reasonFor,
  startHostileTenant,
  stillStopsAttacks,
} from "../support/system-hostile.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const otherTenant = "11111111-2222-4333-8444-555555555555";
const nobody = { id: "99999999-8888-4777-8666-555555555555", appId: "99999999-1111-4222-8333-444444444444" };
let tenant: HostileTenant;

beforeAll(async () => {
  tenant = await startHostileTenant();
});

afterAll(() => tenant?.whole.stop());

describe("identities that are never touched", () => {
  it("refuses Microsoft Graph's own service principal, even where Graph has a detection on it", async () => {
    const { twin } = tenant.whole;
    tenant.send(forgedLeak(claimOn(tenant, twin.microsoftGraph)));
    leak(twin, { ...twin.microsoftGraph, applicationId: "" });
    const reason = await reasonFor(tenant, twin.microsoftGraph, "cancelled");
    expect(reason).toContain("contain-compromised-identity is not for a microsoft-first-party identity");
    expect(writesTo(twin, [twin.microsoftGraph.id, twin.microsoftGraph.appId])).toEqual([]);
  });

  it("refuses ourselves", async () => {
    const { twin } = tenant.whole;
    tenant.send(forgedLeak(claimOn(tenant, twin.runtimeIdentity)));
    const reason = await reasonFor(tenant, twin.runtimeIdentity, "blocked");
    expect(reason).toContain("never-self: this is the identity Tourniquet itself runs as");
    expect(writesTo(twin, [twin.runtimeIdentity.id, twin.runtimeIdentity.appId])).toEqual([]);
  });

  it("refuses what the policy file protects, by a genuine leak too", async () => {
    const { guarded, whole } = tenant;
    leak(whole.twin, guarded);
    const reason = await reasonFor(tenant, guarded, "blocked");
    expect(reason).toContain("protected-identity: it is protected by its id: nobody may write to it");
    expect(isDisabled(whole.twin, guarded)).toBe(false);
    expect(writesTo(whole.twin, [guarded.id, guarded.applicationId])).toEqual([]);
  });

  it("still stops the next attacks", () => stillStopsAttacks(tenant));
});

describe("what nobody can act on", () => {
  it("keeps an identity that does not exist waiting for Graph, without a write", async () => {
    const { twin } = tenant.whole;
    tenant.send(forgedLeak({ tenantId: twin.tenantId, servicePrincipalId: nobody.id, appId: nobody.appId }));
    const reason = await reasonFor(tenant, nobody, "deferred");
    expect(reason).toContain("unusual-kind: Graph does not know this identity (yet)");
    expect(writesTo(twin, [nobody.id, nobody.appId])).toEqual([]);
  });

  it("turns another tenant's record away, even about an identity of ours", async () => {
    const target = tenant.next();
    tenant.send(forgedLeak(claimOn(tenant, target, { tenantId: otherTenant })));
    const letter = await until("a dead letter", async () =>
      (await deadLetters(tenant.whole)).find(({ reason }) => reason === "other-tenant"),
    );
    expect(letter.detail).toContain("of another tenant");
    expect(await runsOf(tenant.whole, target)).toEqual([]);
  });

  it("keeps nonsense, and 1 MB of nesting, as reduced dead letters, and counts them in its health", async () => {
    const { whole } = tenant;
    const brackets = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const nested = `{"records":[{"category":"ServicePrincipalRiskEvents","properties":${brackets(400_000)}}]}`;
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);
    const before = (await deadLetters(whole)).length;
    const bodies = [nested, "[".repeat(900_000), "\u0000\u0001 no JSON", bytes, 42, null, [[[]]], { records: "none" }];
    for (const [n, body] of bodies.entries()) {
      whole.broker.enqueue("entra-risk", body, { partitionId: String(n % 4) });
    }
    await until("dead letters", async () => (await deadLetters(whole)).length >= before + 3);
    await until("health counts them all", async () => {
      const health = (await (await fetch(`${whole.host.url}/api/health`)).json()) as { deadLetters: number };
      return health.deadLetters === (await deadLetters(whole)).length;
    });
    const letters = await deadLetters(whole);
    expect(letters.filter(({ firstBytes, detail }) => firstBytes.length > 200 || detail.length < 20)).toEqual([]);
  });

  it("still stops the next attacks", () => stillStopsAttacks(tenant));
});
