/** What the app said is believed only as far as it was about this identity, in time, and borne out by reads and sign-ins. */
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../local/stories/evidence.ts";
import type { SaidDemand } from "../../../local/stories/story-demands.ts";
import { notice, refused, request, riskAt, tool } from "./evidence.ts";
import { ofWords, unmet } from "./verdict-of.ts";

const identity = "tool";

describe("what the app said", () => {
  const said = { that: "said", identity, event: "identity.contained", before: "end", where: {} } as const;

  it("counts only of this identity, this stage and before the moment", () => {
    const stranger = notice({ appId: "other", servicePrincipalId: "other" });
    expect(ofWords(said)).toMatchObject({ met: true });
    expect(ofWords({ ...said, stage: "eradicate" })).toMatchObject(unmet(/did not/));
    expect(ofWords(said, { notices: [stranger] })).toMatchObject(unmet(/did not/));
    expect(ofWords(said, { notices: [notice({ at: riskAt + 9_001 })] })).toMatchObject(unmet(/did not/));
    expect(ofWords({ ...said, that: "not-said" })).toMatchObject(unmet(/it did, once/));
    expect(ofWords({ ...said, that: "not-said" }, { notices: [] })).toMatchObject({ met: true });
  });

  it("looks into the facts, and counts", () => {
    const steps = [{ action: "remove-owners", outcome: { status: "skipped" } }];
    const data = { stage: "contain", reasons: ["one", "two"], steps };
    const seen = { notices: [notice({ data, message: "Its OWNERS stay." }), notice({ uid: "m" })] };
    expect(ofWords({ ...said, where: { reasons: "two", "steps.outcome.status": "skipped" } }, seen)).toMatchObject({
      met: true,
    });
    expect(ofWords({ ...said, where: { reasons: "three" } }, seen)).toMatchObject({ met: false });
    expect(ofWords({ ...said, exactly: 2 }, seen)).toMatchObject({ met: true });
    expect(ofWords({ ...said, atMost: 1 }, seen)).toMatchObject(unmet(/2 times/));
    const done = { notices: [notice({ event: "stage.finished", data })] };
    expect(ofWords({ that: "outcome", identity, action: "remove-owners", status: "skipped" }, done)).toMatchObject({
      met: true,
    });
    expect(ofWords({ that: "outcome", identity, action: "remove-owners", status: "applied" }, done)).toMatchObject(
      unmet(/skipped/),
    );
    const report: SaidDemand = { that: "report-lists", identity, event: "identity.contained", texts: ["owners stay"] };
    expect(ofWords(report, { notices: [notice({ message: "Its OWNERS stay." })] })).toMatchObject({ met: true });
    expect(ofWords({ ...report, texts: ["{tool.old}"] })).toMatchObject(unmet(/not "key-old"/));
  });

  const rule = { that: "contained-by-rule", identity } as const;

  it("lets contained stand on a read and a refused sign-in, or on two reads 60 s apart", () => {
    const late = riskAt + 62_000;
    const reads = { requests: [request(), request({ at: late })], notices: [notice({ at: late })], signIns: [] };
    expect(ofWords(rule)).toMatchObject({ met: true });
    expect(ofWords(rule, reads)).toMatchObject({ met: true });
  });

  it.each<[string, Partial<Evidence>]>([
    ["silence", { notices: [] }],
    ["a sign-in and no read", { requests: [] }],
    ["a read and no sign-in", { signIns: [] }],
    ["a read of somebody else's", { requests: [request({ by: "portal" })] }],
    ["a read that failed", { requests: [request({ status: 503 })] }],
    [
      "a read of what lies below it",
      { requests: [request({ path: `/servicePrincipals/${tool.id}/appRoleAssignedTo` })] },
    ],
    ["a read before the disable", { requests: [request({ at: riskAt })] }],
    ["a refusal after the word", { signIns: [{ ...refused, at: riskAt + 5_000 }] }],
    ["a refusal for another reason", { signIns: [{ ...refused, errorCode: 7000215 }] }],
    ["no disable", { writes: [] }],
    [
      "two reads 59 s apart",
      {
        signIns: [],
        requests: [request(), request({ at: riskAt + 61_000 })],
        notices: [notice({ at: riskAt + 90_000 })],
      },
    ],
    ["one good word and one too early", { notices: [notice(), notice({ uid: "m", at: riskAt + 1_500 })] }],
  ])("does not let it stand on %s", (_what, more) => {
    expect(ofWords(rule, more)).toMatchObject({ met: false });
  });
});
