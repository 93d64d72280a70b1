/**
 * Adaptive Cards for Teams. Only `TextBlock` and facts read Markdown there, so what is not our own word stands in text runs, which are
 * shown as they are; no card has a mention.
 */
import type { Digest, Notice, Telling } from "../ports/outbox.ts";
import { approvalSections, cardIn, type Room, runLink, type Section } from "./approval-text.ts";
import { lineOf, safeText, stateOf, subjectLines } from "./chat-text.ts";
import { digestSections, digestTitle } from "./digest-text.ts";
import { fitting } from "./messages.ts";

/**
 * Teams takes messages of 28 KB by its documentation; payloads above some 20 KB were refused in practice, since it counts what it
 * makes of them.
 */
const mostBytes = 20_000;

type Element = Readonly<Record<string, unknown>>;

export interface TeamsMessage {
  readonly type: "message";
  readonly attachments: readonly Element[];
  /** for a workflow that can do more than post the card */
  readonly tourniquet: {
    readonly thread: string;
    readonly noticeIds: readonly string[];
    /** what the workflow answered for the thread before; null: nothing */
    readonly messageId: string | null;
  };
}

export function incidentMessage(
  { thread, standing }: Telling,
  notices: readonly Notice[],
  { publicUrl, messageId }: { readonly publicUrl: string | null; readonly messageId: string | null },
): TeamsMessage {
  const isPage = notices.some(({ urgency }) => urgency === "page");
  const planId = notices.find((notice) => notice.planId !== null)?.planId ?? null;
  const render = (room: Room, shortened: boolean) => {
    const approvals = notices.flatMap((notice) => cardIn(notice) ?? []);
    const news = notices.map((notice) => `${safeText(notice.at, 30)} ${lineOf(notice, room.length * 2)}`);
    const sections: readonly Section[] = [
      { title: "News", lines: news },
      ...approvals.flatMap((card) => approvalSections(card, room)),
      { title: "Incident", lines: subjectLines(standing, thread) },
      ...waitSection(standing.waits, room),
      ...shortSection(shortened),
    ];
    const title = `${isPage ? "PAGE · " : ""}${stateOf(standing)}`;
    return cardOf(title, isPage ? "attention" : "default", sections, runLink(publicUrl, planId));
  };
  const card = fitting(render, bytesOf, mostBytes);
  return messageOf(card, { thread, noticeIds: notices.map(({ id }) => id), messageId });
}

export function digestMessage(digest: Digest): TeamsMessage {
  const render = (room: Room, shortened: boolean) =>
    cardOf(
      "DIGEST",
      "default",
      [{ title: digestTitle(digest), lines: [] }, ...digestSections(digest, room), ...shortSection(shortened)],
      null,
    );
  return messageOf(fitting(render, bytesOf, mostBytes), { thread: "digest", noticeIds: [], messageId: null });
}

function waitSection(waits: readonly string[], room: Room): readonly Section[] {
  if (waits.length === 0) return [];
  const more = waits.length - room.lines;
  const lines = waits.slice(0, room.lines).map((wait) => safeText(wait, room.length));
  return [{ title: "Waits for a person", lines: more > 0 ? [...lines, `and ${more} more`] : lines }];
}

function shortSection(shortened: boolean): readonly Section[] {
  return shortened
    ? [{ title: "Shortened", lines: ["Teams takes no more in one message; the run shows all of it"] }]
    : [];
}

/** `title` is of our own words alone: a TextBlock reads Markdown. */
function cardOf(title: string, style: string, sections: readonly Section[], link: string | null): Element {
  const heading = { type: "TextBlock", text: title, size: "Large", weight: "Bolder", wrap: true };
  return {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    body: [{ type: "Container", style, bleed: true, items: [heading] }, ...sections.flatMap(sectionElements)],
    ...(link === null ? {} : { actions: [{ type: "Action.OpenUrl", title: "Open the run", url: link }] }),
  };
}

function sectionElements({ title, lines }: Section): readonly Element[] {
  const runs = [{ type: "TextRun", text: title, weight: "Bolder" }];
  const rows = lines.map((line) => ({
    type: "RichTextBlock",
    spacing: "None",
    inlines: [{ type: "TextRun", text: line }],
  }));
  return [{ type: "RichTextBlock", spacing: "Medium", inlines: runs }, ...rows];
}

function messageOf(content: Element, tourniquet: TeamsMessage["tourniquet"]): TeamsMessage {
  const attachment = { contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content };
  return { type: "message", attachments: [attachment], tourniquet };
}

function bytesOf(card: Element): number {
  return Buffer.byteLength(JSON.stringify(card));
}
