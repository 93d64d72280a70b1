/** One thread an incident in Slack: opened once, replied to, its head kept up to date; refusals told apart. */
import { describe, expect, it } from "vitest";
import { createSlackNotifier } from "../../shared/messaging/slack-notifier.ts";
import type { Telling } from "../../shared/ports/outbox.ts";
import { slackDouble, slackSays, slackToken } from "../support/slack-double.ts";
import { notice } from "./notices.ts";
import { asking, digest, tellingOf } from "./tellings.ts";

async function slack(refuse?: Parameters<typeof slackDouble>[0]) {
  const double = await slackDouble(refuse);
  const options = {
    token: slackToken,
    channel: "C1",
    apiUrl: double.url,
    publicUrl: "https://t.example",
    timeoutMs: 2_000,
  };
  return { ...double, options, notifier: createSlackNotifier(options) };
}

function withStatus(telling: Telling, status: Telling["standing"]["status"]): Telling {
  return { ...telling, standing: { ...telling.standing, status } };
}

const quiet = { ...notice, id: "n-quiet", urgency: "digest" as const };

describe("the Slack notifier", () => {
  it("opens one thread an incident, replies in it, and brings its head up to date", async () => {
    const { notifier, messages } = await slack();
    const first = await notifier.tell(tellingOf(notice));
    const next = withStatus(
      { ...tellingOf({ ...notice, id: "n-2", urgency: "page" }), state: first.state },
      "contained",
    );
    expect(await notifier.tell(next)).toMatchObject({ told: ["n-2"], failure: null });
    const [head, ...replies] = messages;
    expect(head).toMatchObject({ threadTs: null, text: expect.stringMatching(/^CONTAINED/) });
    expect(replies.map(({ threadTs, isBroadcast, noticeIds }) => ({ threadTs, isBroadcast, noticeIds }))).toEqual([
      { threadTs: head?.ts, isBroadcast: false, noticeIds: ["n-1"] },
      { threadTs: head?.ts, isBroadcast: true, noticeIds: ["n-2"] },
    ]);
  });

  it("opens none for what is for the digest, which only brings a head up to date", async () => {
    const { notifier, messages, received } = await slack();
    expect(await notifier.tell(tellingOf(quiet))).toEqual({ state: null, told: ["n-quiet"], failure: null });
    expect(received).toEqual([]);
    const { state } = await notifier.tell(tellingOf(notice));
    await notifier.tell({ ...tellingOf(quiet), state });
    expect(received).toHaveLength(2);
    await notifier.tell(withStatus({ ...tellingOf(quiet), state }, "closed"));
    expect(messages.map(({ text }) => text.slice(0, 6))).toEqual(["CLOSED", "HIGH: "]);
  });

  it("goes on in the thread that it had opened when a reply failed, and repeats nothing", async () => {
    const { notifier, messages } = await slack((_, nth) => (nth === 3 ? slackSays("internal_error") : null));
    const all = [notice, { ...asking }, { ...notice, id: "n-3" }];
    const first = await notifier.tell(tellingOf(...all));
    expect(first).toMatchObject({ told: ["n-1"], failure: { name: "RetryableError", code: "slack-internal_error" } });
    const rest = all.filter(({ id }) => !first.told.includes(id));
    await notifier.tell({ ...tellingOf(...rest), state: first.state });
    expect(messages.filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
    expect(messages.slice(1).flatMap(({ noticeIds }) => noticeIds)).toEqual(["n-1", "n-ask", "n-3"]);
  });

  it("keeps what is for the digest until the head says it", async () => {
    let isDown = false;
    const { notifier } = await slack(({ path }) => (isDown && path.endsWith("update") ? { status: 500 } : null));
    const { state } = await notifier.tell(tellingOf(notice));
    isDown = true;
    const both = withStatus({ ...tellingOf({ ...notice, id: "n-2" }, quiet), state }, "closed");
    expect(await notifier.tell(both)).toMatchObject({ told: ["n-2"], failure: { code: "slack-failed" } });
  });

  it("begins anew where somebody deleted the head", async () => {
    const { notifier, messages } = await slack();
    const { state } = await notifier.tell(tellingOf(notice));
    messages.length = 0;
    const said = await notifier.tell({ ...tellingOf({ ...notice, id: "n-2" }), state });
    expect(said).toMatchObject({ told: ["n-2"], failure: null });
    expect(messages.map(({ threadTs }) => threadTs === null)).toEqual([true, false]);
  });

  it("says it as plain text where Slack does not like the layout", async () => {
    const { notifier, messages } = await slack(({ body }) =>
      JSON.parse(body).blocks.length > 0 ? slackSays("invalid_blocks") : null,
    );
    expect(await notifier.tell(tellingOf(asking))).toMatchObject({ told: ["n-ask"], failure: null });
    expect(messages[1]?.text).toContain("PAGE · HIGH: Waits for two people");
  });

  it.each([
    [
      { status: 429, headers: { "retry-after": "3" } },
      { name: "RetryableError", code: "slack-throttled", retryAfterMs: 3_000 },
    ],
    [slackSays("ratelimited"), { name: "RetryableError", code: "slack-ratelimited" }],
    [slackSays("channel_not_found"), { name: "TerminalError", code: "slack-channel_not_found" }],
    [slackSays("invalid_auth"), { name: "TerminalError", code: "slack-invalid_auth" }],
    [
      { status: 200, body: "<html>" },
      { name: "RetryableError", code: "slack-unreadable_answer" },
    ],
    [slackSays("xoxb-1-SECRET"), { name: "TerminalError" }],
  ])("keeps the notice at %o", async (answer, failure) => {
    const { notifier } = await slack(() => answer);
    const said = await notifier.tell(tellingOf(notice));
    expect(said).toMatchObject({ told: [], failure });
    expect(`${said.failure?.stack} ${JSON.stringify(said)}`).not.toContain("SECRET");
  });

  it("says how to decide, with the exact requests and a link that acts on nothing", async () => {
    const { notifier, messages } = await slack();
    await notifier.tell(tellingOf(asking));
    await notifier.digest(digest);
    const [, asked, day] = messages.map(({ blocks }) => JSON.stringify(blocks));
    expect(asked).toContain(JSON.stringify(asking.data).match(/PATCH [^"]*/)?.[0]);
    expect(asked).toContain("<https://t.example/api/runs/-pl_an|Open the run>");
    expect(day).toContain("Waiting for a person: 2");
  });
});
