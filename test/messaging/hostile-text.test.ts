/** Whatever a name, a reason or a record says: no renderer lets it be markup, a mention or a link, or outgrow a message. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineOf, plainText } from "../../shared/messaging/chat-text.ts";
import { messagesOf } from "../../shared/messaging/messages.ts";
import { headMessage, newsMessage } from "../../shared/messaging/slack-blocks.ts";
import { incidentMessage } from "../../shared/messaging/teams-card.ts";
import { notice } from "./notices.ts";
import { AnyTelling } from "./tellings.ts";

const publicUrl = "https://t.example";
const guid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const unsafe = /[<>&]|\p{C}|:\/\//u;

/** Every text below `value`, with the object that holds it. */
function texts(value: unknown): { readonly holder: Record<string, unknown>; readonly text: string }[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.entries(holder).flatMap(([name, inner]) =>
    name === "text" && typeof inner === "string" ? [{ holder, text: inner }] : texts(inner),
  );
}

describe("plain text", () => {
  it("holds no markup, mention, link, control or invisible character, and is bounded", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), fc.webUrl(), (name, url) => {
        for (const text of [plainText(name), plainText(`${name}${url}`), plainText(`${name} @here`)]) {
          expect(text).not.toMatch(/[<>&*_~`[\]|\p{C}]|:\/\/|(?<![\p{L}\p{N}])@/u);
          expect(text.length).toBeLessThanOrEqual(600);
        }
      }),
    );
  });

  it("leaves no address that a chat would make a link of by itself", () => {
    expect(plainText("see www.evil.example, HTTPS://evil.example")).toBe("see www evil.example, HTTPS: evil.example");
  });

  it("leaves ids, addresses and ordinary sentences alone", () => {
    expect(plainText(notice.message)).toBe(notice.message);
    expect(plainText("approved by alice@contoso.example")).toBe("approved by alice@contoso.example");
    expect(lineOf({ ...notice, urgency: "page" })).toBe(`PAGE · HIGH: ${notice.message}`);
  });
});

describe("a message of hostile text", () => {
  it("in Slack stands in plain text but for our own link, and fits", () => {
    fc.assert(
      fc.property(AnyTelling, (telling) => {
        for (const { text, blocks } of [
          headMessage(telling),
          ...messagesOf(telling.notices).map((notices) => newsMessage(notices, publicUrl)),
        ]) {
          expect(text).not.toMatch(/[<>*_~`]|&(?!amp;|lt;|gt;)|:\/\/|(?<![\p{L}\p{N}])@/u);
          expect(blocks.length).toBeLessThanOrEqual(50);
          for (const { holder, text: inner } of texts(blocks)) {
            if (holder.type === "mrkdwn")
              expect(inner).toMatch(
                /^<https:\/\/t\.example\/api\/(runs\/[\w-]+\|Open the run|unused\/appId%3A[\w-]+\/keep\|Keep it)>$/,
              );
            else {
              expect(holder.type).toBe("plain_text");
              expect(inner.replaceAll("\n", "")).not.toMatch(unsafe);
              expect(inner.length).toBeLessThanOrEqual(3_000);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("in Teams stands in text runs, which read no markup, mentions nobody but by a GUID, and fits", () => {
    fc.assert(
      fc.property(AnyTelling, (telling) => {
        for (const notices of messagesOf(telling.notices)) {
          const { attachments } = incidentMessage(telling, notices, { publicUrl, messageId: null });
          expect(Buffer.byteLength(JSON.stringify(attachments))).toBeLessThan(21_000);
          const everything = JSON.stringify(attachments);
          expect(everything.replace(new RegExp(`<at>${guid}</at>`, "g"), "")).not.toMatch(/<|>/);
          for (const { holder, text } of texts(attachments)) {
            if (holder.type === "TextBlock")
              expect(text).toMatch(
                new RegExp(
                  `^((PAGE · )?(OPEN|CONTAINED|CLOSED|NOTICE) · [A-Z]+|<at>${guid}</at>(, <at>${guid}</at>){0,9})$`,
                ),
              );
            // of a mention, which names the same once more
            else if (holder.type === "mention") expect(text).toMatch(new RegExp(`^<at>${guid}</at>$`));
            else expect([holder.type, unsafe.test(text)]).toEqual(["TextRun", false]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
