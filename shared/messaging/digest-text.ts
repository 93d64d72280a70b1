/** The day's digest as text for any product: gravest first, and how many there are of what. */
import type { Digest } from "../ports/outbox.ts";
import type { Room, Section } from "./approval-text.ts";
import { lineOf, safeText } from "./chat-text.ts";

export function digestTitle({ from, to }: Digest): string {
  return `Digest of ${safeText(from, 30)} to ${safeText(to, 30)}`;
}

export function digestSections(
  { counts, notices, total, waiting, deadLetters }: Digest,
  room: Room,
): readonly Section[] {
  const gravest = notices.slice(0, room.lines * 2).map((notice) => lineOf(notice, room.length));
  const kinds = counts.slice(0, room.lines * 3).map(({ what, times }) => `${times} × ${safeText(what, 80)}`);
  const left = total - gravest.length;
  return [
    {
      title: "Now",
      lines: [
        `Waiting for a person: ${waiting}`,
        `Records that could not be read (dead letters): ${deadLetters}`,
        `What paged nobody: ${total}`,
      ],
    },
    { title: "By kind", lines: orNothing(withRest(kinds, counts.length - kinds.length, "more kinds")) },
    { title: "Gravest first", lines: orNothing(withRest(gravest, left, "more")) },
  ];
}

function withRest(lines: readonly string[], left: number, what: string): readonly string[] {
  return left > 0 ? [...lines, `and ${left} ${what}`] : lines;
}

function orNothing(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ["nothing"] : lines;
}
