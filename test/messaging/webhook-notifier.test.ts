/** What a webhook gets: signed, once a notice with an id that stays, and nothing of what is for the digest alone. */
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { createWebhookNotifier } from "../../shared/messaging/webhook-notifier.ts";
import { channelDouble } from "../support/channel-double.ts";
import { notice } from "./notices.ts";
import { asking, digest, tellingOf } from "./tellings.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

async function webhook(statusOf: (nth: number) => number | null = () => 200) {
  const { url, received } = await channelDouble((_, nth) => {
    const status = statusOf(nth);
    return status === null ? null : { status, headers: { location: "http://127.0.0.1:9/" }, body: "ok" };
  });
  const options = {
    url: `${url}/services/SECRET`,
    secret,
    publicUrl: "https://t.example",
    timeoutMs: 2_000,
    now: () => Date.now(),
  };
  return { received, options, notifier: createWebhookNotifier(options) };
}

describe("the webhook notifier", () => {
  it("is verified by any library for Standard Webhooks, and what was changed on the way is not", async () => {
    const { received, notifier } = await webhook();
    await notifier.tell(tellingOf(notice));
    const [got] = received;
    const headers = got?.headers as Record<string, string>;
    const verified = new Webhook(secret).verify(got?.body ?? "", headers);
    expect(verified).toMatchObject({ type: notice.event, timestamp: notice.at, data: { notice: { id: notice.id } } });
    expect(headers["webhook-id"]).toBe(notice.id);
    expect(() => new Webhook(secret).verify(`${got?.body} `, headers)).toThrow();
    expect(() => new Webhook(secret).verify(got?.body ?? "", { ...headers, "webhook-id": "other" })).toThrow();
  });

  it("is verified by what the documentation says, while it is fresh", async () => {
    const { received, notifier, options } = await webhook();
    const [, snippet = ""] = /```js\n(.*?)```/s.exec(readFileSync("docs/notifications.md", "utf8")) ?? [];
    const url = `data:text/javascript,${encodeURIComponent(snippet)}`;
    const { isFromTourniquet } = await import(/* @vite-ignore */ url);
    const old = createWebhookNotifier({ ...options, now: () => Date.now() - 600_000 });
    for (const one of [notifier, old]) await one.tell(tellingOf(notice));
    expect(received.map(({ headers, body }) => isFromTourniquet(secret, headers, body))).toEqual([true, false]);
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    expect(isFromTourniquet(secret, headers, `${body} `)).toBe(false);
    expect(isFromTourniquet(secret, { ...headers, "webhook-signature": "v1,ÿ v2,x" }, body)).toBe(false);
  });

  it("goes on after the one that failed, with the ids of before", async () => {
    const { received, notifier } = await webhook((nth) => (nth === 2 ? 503 : 200));
    const all = ["n-1", "n-2", "n-3"].map((id) => ({ ...notice, id }));
    const first = await notifier.tell(tellingOf(...all));
    expect(first).toMatchObject({ told: ["n-1"], failure: { name: "RetryableError", code: "webhook-failed" } });
    const rest = all.filter(({ id }) => !first.told.includes(id));
    expect(await notifier.tell(tellingOf(...rest))).toMatchObject({ told: ["n-2", "n-3"], failure: null });
    expect(received.map(({ headers }) => headers["webhook-id"])).toEqual(["n-1", "n-2", "n-2", "n-3"]);
  });

  it("sends what pages and what chats, with how to decide; the digest comes by itself", async () => {
    const { received, notifier } = await webhook();
    const quiet = { ...notice, id: "n-quiet", urgency: "digest" as const };
    const said = await notifier.tell(tellingOf(quiet, asking));
    expect([...said.told].sort()).toEqual(["n-ask", "n-quiet"]);
    const [got] = received.map(({ body }) => JSON.parse(body));
    expect(received).toHaveLength(1);
    expect(got.text).toContain("PAGE · HIGH: Waits for two people");
    expect(got.text).toContain('`npm run tq -- runs approve --stage contain --reason "why" -- -pl_an`');
    expect(got.text).toContain("https://t.example/api/runs/-pl_an");
    await notifier.digest(digest);
    expect(JSON.parse(received[1]?.body ?? "")).toMatchObject({ type: "digest", data: { total: 13, deadLetters: 1 } });
  });

  it("without a secret is unsigned, and still tells a repeat", async () => {
    const { received, options } = await webhook();
    await createWebhookNotifier({ ...options, secret: null }).tell(tellingOf(notice));
    expect(received[0]?.headers).toMatchObject({ "webhook-id": notice.id });
    expect(received[0]?.headers["webhook-signature"]).toBeUndefined();
  });

  it.each([
    [400, TerminalError],
    [404, TerminalError],
    [302, TerminalError],
    [429, RetryableError],
    [500, RetryableError],
  ])("keeps the notice at %i, as a %o, without telling the address", async (status, kind) => {
    const { notifier } = await webhook(() => status);
    const { told, failure } = await notifier.tell(tellingOf(notice));
    expect(told).toEqual([]);
    expect(failure).toBeInstanceOf(kind);
    expect(failure?.message).toContain(String(status));
    expect(`${failure?.stack} ${JSON.stringify(failure)}`).not.toContain("SECRET");
  });

  it("keeps it when nobody answers in time", async () => {
    const { options } = await webhook(() => null);
    const { failure } = await createWebhookNotifier({ ...options, timeoutMs: 30 }).tell(tellingOf(notice));
    expect(failure).toMatchObject({ name: "RetryableError", code: "webhook-unreachable" });
  });

  it("refuses an address that is none, without repeating it", () => {
    const parts = { secret, publicUrl: null, timeoutMs: 1_000, now: () => 0 };
    const make = () => createWebhookNotifier({ ...parts, url: "SECRET" });
    expect(make).toThrow(TerminalError);
    expect(make).not.toThrow(/SECRET/);
  });
});
