/** What a Teams workflow gets, and what its answers mean. */
import { describe, expect, it } from "vitest";
import { createTeamsNotifier } from "../../shared/messaging/teams-notifier.ts";
import { type Answer, channelDouble } from "../support/channel-double.ts";
import { notice } from "./notices.ts";
import { asking, card, digest, tellingOf } from "./tellings.ts";

async function teams(answer: (nth: number) => Answer = () => ({ status: 202 })) {
  const { url, received } = await channelDouble((_, nth) => answer(nth));
  const notifier = createTeamsNotifier({ url: `${url}/?sig=SECRET`, publicUrl: "https://t.example", timeoutMs: 2_000 });
  return { notifier, cards: () => received.map(({ body }) => JSON.parse(body)), received };
}

describe("the Teams notifier", () => {
  it("posts one card an update, which names the incident, how it stands, and that it pages", async () => {
    const { notifier, cards, received } = await teams();
    const said = await notifier.tell(tellingOf({ ...notice, urgency: "page" }, { ...notice, id: "n-2" }));
    expect(said).toEqual({ state: null, told: ["n-1", "n-2"], failure: null });
    expect(cards()).toHaveLength(1);
    const [{ contentType, content }] = cards()[0].attachments;
    expect(contentType).toBe("application/vnd.microsoft.card.adaptive");
    expect(content).toMatchObject({ type: "AdaptiveCard", version: "1.4" });
    expect(content.body[0]).toMatchObject({ style: "attention", items: [{ text: "PAGE · OPEN · HIGH" }] });
    expect(received[0]?.body).toContain("Incident or identity: i-1");
    expect(received[0]?.headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  it("asks for a decision in a card of its own, with the exact requests and a link that acts on nothing", async () => {
    const { notifier, cards } = await teams();
    await notifier.tell(tellingOf(notice, asking, { ...notice, id: "n-3" }));
    expect(cards().map(({ tourniquet }) => tourniquet.noticeIds)).toEqual([["n-1"], ["n-ask"], ["n-3"]]);
    const [, content] = cards().map(({ attachments }) => attachments[0].content);
    expect(content.actions).toEqual([
      { type: "Action.OpenUrl", title: "Open the run", url: "https://t.example/api/runs/-pl_an" },
    ]);
    expect(JSON.stringify(content)).toContain(JSON.stringify(card.requests[0]));
  });

  it("gives a workflow that answers a message id that id back", async () => {
    const { notifier, cards } = await teams((nth) => ({
      status: 200,
      body: JSON.stringify({ messageId: `m-${nth}` }),
    }));
    const { state } = await notifier.tell(tellingOf(notice));
    await notifier.tell({ ...tellingOf({ ...notice, id: "n-2" }), state });
    expect(cards().map(({ tourniquet }) => tourniquet.messageId)).toEqual([null, "m-1"]);
  });

  it("sends nothing of what is for the digest, and the digest as a card", async () => {
    const { notifier, cards, received } = await teams();
    expect(await notifier.tell(tellingOf({ ...notice, urgency: "digest" }))).toMatchObject({ told: ["n-1"] });
    expect(received).toEqual([]);
    await notifier.digest(digest);
    expect(JSON.stringify(cards()[0])).toContain("12 × finding.created: owner-added");
  });

  it.each([
    [
      { status: 429, headers: { "retry-after": "7" } },
      { name: "RetryableError", code: "teams-throttled", retryAfterMs: 7_000 },
    ],
    [{ status: 502 }, { name: "RetryableError", code: "teams-failed" }],
    [{ status: 404 }, { name: "TerminalError", code: "teams-refused" }],
    [
      {
        status: 200,
        body: "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413",
      },
      { name: "RetryableError", code: "teams-failed" },
    ],
  ])("keeps the notice at %o", async (answer, failure) => {
    const { notifier } = await teams(() => answer);
    const said = await notifier.tell(tellingOf(notice));
    expect(said).toMatchObject({ told: [], failure });
    expect(`${said.failure?.stack}`).not.toContain("SECRET");
  });
});
