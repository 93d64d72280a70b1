import { describe, expect, test } from "vitest";
import { appId, eventOf, keyA, type Raw, riskEvent, risky, servicePrincipalId, verdict } from "./build.ts";

const riskyEvent = (record: Raw) => eventOf("risky-service-principal-updated", record);
const detected = (record: Raw) => eventOf("risk-detected", record);

describe("a risky service principal", () => {
  test("is read with both of its ids", () => {
    expect(riskyEvent(risky())).toMatchObject({
      recordId: servicePrincipalId,
      occurredAt: "2026-03-02T09:40:00.045Z",
      subject: { servicePrincipalId, appId, applicationObjectId: null },
      claimedName: "Contoso App",
      riskLevel: "high",
      riskState: "atRisk",
      isProcessing: false,
    });
  });

  test("keeps levels and states as written, known or not", () => {
    const event = riskyEvent(risky({ riskLevel: " hidden ", riskState: "aStateOf2030", riskDetail: null }));
    expect(event).toMatchObject({ riskLevel: "hidden", riskState: "aStateOf2030", riskDetail: "unknown" });
  });

  test("takes the envelope's US time where its own is missing", () => {
    expect(riskyEvent(risky({ riskLastUpdatedDateTime: null })).occurredAt).toBe("2026-03-02T09:41:00.000Z");
  });

  test("makes another event of each update, and the same of a repeated one", () => {
    const ids = [{}, {}, { riskState: "dismissed" }, { riskLastUpdatedDateTime: "2026-03-03T00:00:00Z" }].map(
      (change) => riskyEvent(risky(change)).id,
    );
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  test.each<[string, Raw, string]>([
    ["that names nobody", { id: "", appId: null, displayName: null }, "dead letter: no-victim"],
    ["without a state", { riskState: undefined }, "dead letter: schema"],
    ["whose state is markup", { riskState: "<b>atRisk</b>" }, "dead letter: schema"],
  ])("%s is set aside", (_, change, expected) => {
    expect(verdict(risky(change))).toBe(expected);
  });
});

describe("a risk detection", () => {
  test("is read with its credential, its type before the vaguer one, and both times", () => {
    expect(detected(riskEvent())).toMatchObject({
      recordId: "2856d6e87c5c3a74021ff70291fa68107570c150d8dc145bdea5",
      riskEventType: "leakedCredentials",
      occurredAt: "2026-03-02T00:00:00.000Z",
      detectedAt: "2026-03-02T08:48:50.361Z",
      keyIds: [keyA],
      subject: { servicePrincipalId, appId },
      correlationId: null,
    });
  });

  test("falls back: riskType, one time for another, ids as JSON text, appId alone", () => {
    const event = detected(
      riskEvent({
        riskEventType: "",
        activityDateTime: null,
        detectedDateTime: "?",
        keyIds: JSON.stringify([keyA, keyA.toUpperCase()]),
        servicePrincipalId: null,
      }),
    );
    expect(event).toMatchObject({
      riskEventType: "generic",
      occurredAt: "2026-03-02T16:28:17.820Z",
      detectedAt: "2026-03-02T16:28:17.820Z",
      keyIds: [keyA],
      subject: { servicePrincipalId: null, appId },
    });
  });

  test.each(["", null, undefined, {}, [[[]]]])("has no credential where keyIds is %j", (keyIds) => {
    expect(detected(riskEvent({ keyIds })).keyIds).toEqual([]);
  });

  test("without an id of its own is the same one when it comes again", () => {
    const [one, again] = [detected(riskEvent({ id: null })), detected(riskEvent({ id: "" }))];
    expect(again.id).toBe(one.id);
    expect(detected(riskEvent({ id: null, riskEventType: "other" })).id).not.toBe(one.id);
  });

  test("that names nobody at all is set aside", () => {
    const nobody = { servicePrincipalId: "", appId: "", servicePrincipalDisplayName: null };
    expect(verdict(riskEvent(nobody))).toBe("dead letter: no-victim");
  });
});
