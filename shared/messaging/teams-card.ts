/**
 * Adaptive Cards for Teams. Only `TextBlock` and facts read Markdown there, so what is not our own word stands in text runs, which are
 * shown as they are. The one mention is of those whom a notice is for, by their object ids: webhooks take these ("User mention in
 * Incoming Webhook with Adaptive Cards", learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format). Teams
 * was seen to shift mentions when it does not find one of them, so the ids stand there as text, too.
 */
import type { Digest, Notice, Telling } from "../ports/outbox.ts";
import { approvalSections, cardIn, type Room, runLink, type Section } from "./approval-text.ts";
import { lineOf, safeText, stateOf, subjectLines } from "./chat-text.ts";
import { digestSections, digestTitle } from "./digest-text.ts";
import { keepLink, mostNamed, ownerSections, recipientsOf } from "./for-owners.ts";
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
  const mentioned = recipientsOf(notices).slice(0, mostNamed);
  const links = { run: runLink(publicUrl, planId), keep: keepLink(publicUrl, notices) };
  const render = (room: Room, shortened: boolean) => {
    const approvals = notices.flatMap((notice) => cardIn(notice) ?? []);
    const news = notices.map((notice) => `${safeText(notice.at, 30)} ${lineOf(notice, room.length * 2)}`);
    const sections: readonly Section[] = [
      { title: "News", lines: news },
      ...approvals.flatMap((card) => approvalSections(card, room)),
      ...ownerSections(notices, "object ids in Entra"),
      { title: "Incident", lines: subjectLines(standing, thread) },
      ...waitSection(standing.waits, room),
      ...shortSection(shortened),
    ];
    const title = `${isPage ? "PAGE · " : ""}${stateOf(standing)}`;
    return cardOf(title, isPage ? "attention" : "default", sections, { links, mentioned });
  };
  const card = fitting(render, bytesOf, mostBytes);
  return messageOf(card, { thread, noticeIds: notices.map(({ id }) => id), messageId });
}

export function digestMessage(digest: Digest): TeamsMessage {
  const render = (room: Room, shortened: boolean) =>
    cardOf("DIGEST", "default", [
      { title: digestTitle(digest), lines: [] },
      ...digestSections(digest, room),
      ...shortSection(shortened),
    ]);
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

interface Extras {
  readonly links: { readonly run: string | null; readonly keep: string | null };
  /** object ids */
  readonly mentioned: readonly string[];
}

const noExtras: Extras = { links: { run: null, keep: null }, mentioned: [] };

/** `title` is of our own words alone: a TextBlock reads Markdown. */
function cardOf(title: string, style: string, sections: readonly Section[], extras: Extras = noExtras): Element {
  const { links, mentioned } = extras;
  const heading = { type: "TextBlock", text: title, size: "Large", weight: "Bolder", wrap: true };
  const call = { type: "TextBlock", text: mentioned.map(at).join(", "), wrap: true };
  const entities = mentioned.map((id) => ({ type: "mention", text: at(id), mentioned: { id, name: id } }));
  const actions = [...actionTo("Keep it", links.keep), ...actionTo("Open the run", links.run)];
  return {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full", ...(entities.length === 0 ? {} : { entities }) },
    body: [
      { type: "Container", style, bleed: true, items: [heading, ...(entities.length === 0 ? [] : [call])] },
      ...sections.flatMap(sectionElements),
    ],
    ...(actions.length === 0 ? {} : { actions }),
  };
}

/** A GUID is no markup. */
function at(objectId: string): string {
  return `<at>${objectId}</at>`;
}

function actionTo(title: string, url: string | null): readonly Element[] {
  return url === null ? [] : [{ type: "Action.OpenUrl", title, url }];
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
