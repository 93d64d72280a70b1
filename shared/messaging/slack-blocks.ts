/**
 * Messages in Block Kit. What is not our own word stands in `plain_text`, where Slack reads neither markup nor mentions; the only
 * `mrkdwn` texts are links to our own API. Owners are named by their ids: which member of Slack one is, nobody told us.
 */
import type { Digest, Notice, Telling } from "../ports/outbox.ts";
import { approvalSections, cardIn, type Room, runLink, type Section } from "./approval-text.ts";
import { lineOf, plainText, safeText, stateOf, subjectLines } from "./chat-text.ts";
import { digestSections, digestTitle } from "./digest-text.ts";
import { keepLink, ownerSections } from "./for-owners.ts";
import { fitting } from "./messages.ts";

/** Slack refused messages above some 13,000 characters with `msg_blocks_too_long`, whatever its documentation says. */
const mostCharacters = 11_000;
/** of one text in a section */
const longestText = 3_000;

type Block = Readonly<Record<string, unknown>>;

export interface SlackMessage {
  /** what a phone shows, and all there is where blocks are refused */
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** The thread's head: which incident, and how it stands. */
export function headMessage({ thread, standing }: Telling): SlackMessage {
  const lines = subjectLines(standing, thread);
  const waits =
    standing.waits.length === 0 ? ["nothing"] : standing.waits.slice(0, 10).map((wait) => safeText(wait, 200));
  const title = stateOf(standing);
  const blocks = [
    heading(title),
    ...sectionBlocks([
      { title: "Incident", lines },
      { title: "Waits for a person", lines: waits },
    ]),
  ];
  return { text: escaped(`${title}: ${lines.join("; ")}`), blocks };
}

export function newsMessage(notices: readonly Notice[], publicUrl: string | null): SlackMessage {
  const isPage = notices.some(({ urgency }) => urgency === "page");
  const planId = notices.find((notice) => notice.planId !== null)?.planId ?? null;
  const links = [
    ...linkTo("Keep it", keepLink(publicUrl, notices)),
    ...linkTo("Open the run", runLink(publicUrl, planId)),
  ];
  const render = (room: Room, shortened: boolean) => [
    ...(isPage ? [heading("PAGE")] : []),
    ...sectionBlocks([{ title: "", lines: notices.map((notice) => lineOf(notice, room.length * 2)) }]),
    ...notices.flatMap((notice) => {
      const card = cardIn(notice);
      return card === null ? [] : sectionBlocks(approvalSections(card, room));
    }),
    ...sectionBlocks(ownerSections(notices, "object ids in Entra; Slack knows them by other ones")),
    ...sectionBlocks(
      shortened ? [{ title: "Shortened", lines: ["Slack takes no more at once; the run shows all of it"] }] : [],
    ),
    ...(links.length === 0 ? [] : [{ type: "context", elements: links }]),
  ];
  const text = escaped(notices.map((notice) => lineOf(notice, 300)).join("\n"));
  return { text, blocks: fitting(render, sizeOf, mostCharacters) };
}

export function digestMessage(digest: Digest): SlackMessage {
  const render = (room: Room) => [
    heading("DIGEST"),
    ...sectionBlocks([{ title: digestTitle(digest), lines: [] }, ...digestSections(digest, room)]),
  ];
  return { text: escaped(digestTitle(digest)), blocks: fitting(render, sizeOf, mostCharacters) };
}

function heading(text: string): Block {
  return { type: "header", text: plain(text.slice(0, 150)) };
}

function sectionBlocks(sections: readonly Section[]): readonly Block[] {
  return sections.flatMap(({ title, lines }) => {
    const text = [...(title === "" ? [] : [title]), ...lines].join("\n");
    return text === "" ? [] : [{ type: "section", text: plain(text) }];
  });
}

function plain(text: string) {
  const short = text.length > longestText ? `${text.slice(0, longestText - 1).toWellFormed()}…` : text;
  return { type: "plain_text", text: short, emoji: false };
}

/** Our own address and an encoded id: nothing in it is of somebody else's choosing. */
function linkTo(title: string, link: string | null): readonly Block[] {
  return link === null ? [] : [{ type: "mrkdwn", text: `<${entities(link)}|${title}>` }];
}

/** For the fallback text, which Slack reads as markup. */
function escaped(text: string): string {
  return entities(
    text
      .split("\n")
      .map((line) => plainText(line))
      .join("\n"),
  ).slice(0, longestText);
}

/** The three characters that Slack reads as control characters (docs.slack.dev/messaging/formatting-message-text). */
function entities(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function sizeOf(blocks: readonly Block[]): number {
  return JSON.stringify(blocks).length;
}
