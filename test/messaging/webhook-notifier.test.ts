/** People are told once per incident, safely, and a webhook that does not listen is noticed. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { RetryableError, TerminalError } from "../../shared/domain/errors.ts";
import { chatText, plainText } from "../../shared/messaging/chat-text.ts";
import { createSilentNotifier, createWebhookNotifier } from "../../shared/messaging/webhook-notifier.ts";
import { notice } from "./notices.ts";

interface Posted {
  readonly text: string;
  readonly notices: readonly { readonly id: string; readonly message: string }[];
}

/** `status` 0 never answers. */
async function webhook(status: number) {
  const posted: Posted[] = [];
  const server = createServer(async (request, response) => {
    posted.push((await json(request)) as Posted);
    if (status === 0) return;
    response.writeHead(status, { location: "http://127.0.0.1:9/" }).end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { posted, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/SECRET` };
}

const options = { timeoutMs: 2_000, minimumUrgency: "chat" as const };

describe("the webhook notifier", () => {
  it("posts one message per incident with text for people and notices for machines", async () => {
    const { posted, url } = await webhook(200);
    const second = { ...notice, id: "n-2", message: 'Undone for "<!channel> *payroll*"' };
    const elsewhere = { ...notice, id: "n-3", incidentId: "i-2" };
    await createWebhookNotifier({ ...options, url }).notify([notice, elsewhere, second]);
    expect(posted.map(({ notices }) => notices.map(({ id }) => id))).toEqual([["n-1", "n-2"], ["n-3"]]);
    expect(posted[0]?.text).toBe(`HIGH: ${notice.message}\nHIGH: Undone for " !channel payroll "`);
    expect(posted[0]?.notices[1]?.message).not.toContain("<");
  });

  it("sends what is urgent enough, and nothing for nothing", async () => {
    const { posted, url } = await webhook(200);
    const notifier = createWebhookNotifier({ ...options, url, minimumUrgency: "page" });
    await notifier.notify([notice, { ...notice, urgency: "digest" }]);
    await notifier.notify([]);
    expect(posted).toEqual([]);
    await notifier.notify([{ ...notice, urgency: "page" }]);
    expect(posted).toHaveLength(1);
  });

  it.each([400, 404, 429, 500, 302])("is retryable at %i, without telling the address", async (status) => {
    const { url } = await webhook(status);
    const error = await createWebhookNotifier({ ...options, url })
      .notify([notice])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "webhook-refused", message: expect.stringContaining(String(status)) });
    expect(String(error)).not.toContain("SECRET");
  });

  it("is retryable when nobody answers in time", async () => {
    const { url } = await webhook(0);
    const call = createWebhookNotifier({ ...options, url, timeoutMs: 30 }).notify([notice]);
    await expect(call).rejects.toMatchObject({ name: "RetryableError", code: "webhook-unreachable" });
  });

  it("refuses an address that is none, without repeating it", () => {
    const make = () => createWebhookNotifier({ ...options, url: "SECRET" });
    expect(make).toThrow(TerminalError);
    expect(make).not.toThrow(/SECRET/);
  });

  it("without a webhook is silent", async () => {
    await expect(createSilentNotifier().notify([notice])).resolves.toBeUndefined();
  });
});

describe("chat text", () => {
  it("holds no markup, control or invisible character, no link and no unbounded line, whatever a name says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), fc.webUrl(), (name, url) => {
        for (const text of [plainText(name), plainText(`${name}${url}`)]) {
          expect(text).not.toMatch(/[<>&*_~`[\]|\p{C}]|:\/\//u);
          expect(text.length).toBeLessThanOrEqual(600);
        }
      }),
    );
  });

  it("leaves ids and ordinary sentences alone", () => {
    expect(plainText(notice.message)).toBe(notice.message);
  });

  it("tells how many more there are", () => {
    const text = chatText(Array.from({ length: 25 }, () => notice));
    expect(text.split("\n")).toHaveLength(21);
    expect(text).toMatch(/and 5 more$/);
  });
});
