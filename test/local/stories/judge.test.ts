/** The judge believes the twin and the clock: each kind of demand can fail, and says what it found. */
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../local/stories/evidence.ts";
import type { TenantDemand } from "../../../local/stories/story-demands.ts";
import { moment, refused, riskAt, tool, write } from "./evidence.ts";
import { ofTenant, unmet } from "./verdict-of.ts";

const identity = "tool";

describe("disabled", () => {
  const demand = { that: "disabled", identity, withinSeconds: 5, withoutPerson: true } as const;

  it("is met by the app's own change in time", () => {
    expect(ofTenant(demand)).toMatchObject({ met: true, actual: "disabled after 1.0 s" });
  });

  it.each<[string, Partial<Evidence>, RegExp]>([
    ["no change", { writes: [] }, /never disabled it/],
    ["a late change", { writes: [write({ at: riskAt + 5_001 })] }, /after 5\.0 s/],
    ["a change before the risk record", { writes: [write({ at: riskAt - 1 })] }, /after -0\.0 s/],
    ["a change by somebody else", { writes: [write({ ours: false })] }, /never disabled it/],
    ["a 204 that changed nothing", { writes: [write({ effective: false })] }, /never disabled it/],
    ["a change of something else", { writes: [write({ body: { tags: [] } })] }, /never disabled it/],
    ["no risk record", { riskRecords: [] }, /no risk record/],
    [
      "a person before",
      { decisions: [{ identity, decision: "alice: approve contain", at: riskAt + 500 }] },
      /after a person/,
    ],
    ["being enabled again", { moments: new Map([["end", moment(true, [])]]) }, /not disabled at the end/],
  ])("is not met with %s", (_what, more, actual) => {
    expect(ofTenant(demand, more)).toMatchObject(unmet(actual));
  });
});

describe("refused", () => {
  const demand = { that: "refused", identity, errorCode: 7000112 } as const;
  const token = { ...refused, at: refused.at + 1, errorCode: 0 };

  it("is met by the next answer, whatever refuses later", () => {
    expect(ofTenant(demand, { signIns: [refused, { ...token, errorCode: 7000215 }] })).toMatchObject({ met: true });
  });

  it.each<[string, Partial<Evidence>, RegExp]>([
    ["another error", { signIns: [{ ...refused, errorCode: 7000222 }] }, /got 7000222/],
    ["a token afterwards", { signIns: [refused, token] }, /7000112, then a token/],
    ["nobody asking", { signIns: [{ ...refused, at: riskAt }] }, /nobody asked/],
    ["no disable", { writes: [] }, /never disabled it/],
  ])("is not met with %s", (_what, more, actual) => {
    expect(ofTenant(demand, more)).toMatchObject(unmet(actual));
  });
});

describe("state and writes", () => {
  const labels = ["old"];

  it("tells secrets that are there from those that are gone", () => {
    const gone = { moments: new Map([["end", moment(false, [])]]) };
    const present = { that: "present", identity, labels, at: "end" } as const;
    const missing = { that: "gone", identity, labels, at: "end" } as const;
    expect(ofTenant(present)).toMatchObject({ met: true });
    expect(ofTenant(present, gone)).toMatchObject(unmet(/none of them/));
    expect(ofTenant(missing, gone)).toMatchObject({ met: true });
    expect(ofTenant(missing)).toMatchObject(unmet(/there: "old"/));
  });

  it("does not take what never was for gone, nor a moment that never came for fulfilled", () => {
    const cast = new Map([["tool", { ...tool, labels: new Map() }]]);
    expect(ofTenant({ that: "gone", identity, labels, at: "end" }, { cast })).toMatchObject(unmet(/never added: old/));
    expect(ofTenant({ that: "gone", identity, labels, at: "noon" })).toMatchObject(unmet(/did not come that far/));
    expect(ofTenant({ that: "enabled", identity, at: "noon" })).toMatchObject(unmet(/did not come that far/));
  });

  it("sees whether it is enabled", () => {
    const demand = { that: "enabled", identity, at: "end" } as const;
    expect(ofTenant(demand, { moments: new Map([["end", moment(true, [])]]) })).toMatchObject({ met: true });
    expect(ofTenant(demand)).toMatchObject(unmet(/^disabled$/));
    expect(ofTenant(demand, { moments: new Map([["end", moment(null, [])]]) })).toMatchObject(unmet(/gone/));
  });

  it("finds a write by any id, in the path or in the body, whatever was answered", () => {
    const demand = { that: "untouched", identity } as const;
    const byBody = write({ path: "/identityProtection/riskyServicePrincipals/confirmCompromised", body: [tool.id] });
    const byAppId = write({ path: `/applications(appId='${tool.appId.toUpperCase()}')/removePassword`, status: 429 });
    expect(ofTenant(demand, { writes: [write({ ours: false })] })).toMatchObject({ met: true });
    expect(ofTenant(demand, { writes: [byBody] })).toMatchObject(unmet(/confirmCompromised \(204\)/));
    const byBelonging = write({ path: "/servicePrincipals/graph/appRoleAssignedTo/assignment-of-tool", body: null });
    expect(ofTenant(demand, { writes: [byBelonging] })).toMatchObject(unmet(/assignment-of-tool/));
    expect(ofTenant(demand, { writes: [byAppId] })).toMatchObject(unmet(/removePassword \(429\)/));
  });

  it("names what the description does not allow", () => {
    const violation = {
      at: 1,
      method: "PATCH",
      version: "v1.0",
      path: "/x",
      reason: "no such path",
      side: "request",
    } as const;
    expect(ofTenant({ that: "within-description" })).toMatchObject({ met: true });
    expect(ofTenant({ that: "within-description" }, { violations: [violation] })).toMatchObject(
      unmet(/PATCH \/x: no such path/),
    );
  });
});

describe("what is held, in part", () => {
  const labels = ["mail"];
  const half = { moments: new Map([["end", moment(true, ["grant graph everyone Mail.Read"])]]) };

  it("is neither there nor gone", () => {
    expect(ofTenant({ that: "present", identity, labels, at: "end" }, half)).toMatchObject(unmet(/"mail" \(in part\)/));
    expect(ofTenant({ that: "gone", identity, labels, at: "end" }, half)).toMatchObject(unmet(/"mail" \(in part\)/));
  });
});

describe("switches and risk", () => {
  it("are read from the moment asked for", () => {
    const seen = { moments: new Map([["end", moment(null, [], { deactivated: true, riskState: "dismissed" })]]) };
    for (const demand of [
      { that: "deleted", identity, at: "end" },
      { that: "deactivated", identity, at: "end" },
      { that: "risk", identity, state: "dismissed", at: "end" },
    ] as const) {
      expect(ofTenant(demand, seen)).toMatchObject({ met: true });
      expect(ofTenant(demand)).toMatchObject({ met: false });
    }
    expect(ofTenant({ that: "off", identity, at: "end" })).toMatchObject({ met: true });
    expect(ofTenant({ that: "off", identity, at: "end" }, seen)).toMatchObject(unmet(/gone/));
  });
});

describe("counts of writes", () => {
  it("count our changes by identity, method and path", () => {
    const count = (more: object): TenantDemand => ({ that: "writes", ...more });
    const writes = [write(), write({ path: "/applications/x/removePassword", method: "POST", effective: false })];
    expect(ofTenant(count({ exactly: 2 }), { writes })).toMatchObject({ met: true });
    expect(ofTenant(count({ identity, exactly: 1 }), { writes })).toMatchObject({ met: true });
    expect(ofTenant(count({ path: "removePassword", atMost: 0 }), { writes })).toMatchObject(unmet(/^1: POST/));
    expect(ofTenant(count({ path: "{tool.id}", method: "PATCH" }), { writes })).toMatchObject({ met: true });
    expect(ofTenant(count({ effective: true, exactly: 2 }), { writes })).toMatchObject({ met: false });
    expect(ofTenant(count({}), { writes: [write({ ours: false })] })).toMatchObject(unmet(/none/));
    expect(ofTenant({ that: "nothing-written" }, { writes })).toMatchObject(unmet(/removePassword \(204\)/));
    expect(ofTenant({ that: "nothing-written" }, { writes: [] })).toMatchObject({ met: true });
  });
});

describe("tokens after a moment", () => {
  const signIns = [refused, { ...refused, at: riskAt + 8_000, errorCode: 0 }];
  const moments = new Map([
    ["noon", { ...moment(true, []), at: riskAt + 5_000 }],
    ["end", moment(true, [])],
  ]);

  it("are judged by the last one served, of the credential asked for", () => {
    expect(ofTenant({ that: "served", identity, with: "old", after: "noon" }, { signIns, moments })).toMatchObject({
      met: true,
    });
    expect(ofTenant({ that: "served", identity, with: "new" }, { signIns, moments })).toMatchObject(unmet(/nobody/));
    expect(ofTenant({ that: "served", identity, after: "night" }, { signIns, moments })).toMatchObject(
      unmet(/not come/),
    );
    expect(
      ofTenant({ that: "refused", identity, errorCode: 7000112, after: "noon" }, { signIns, moments }),
    ).toMatchObject(unmet(/a token/));
  });
});
