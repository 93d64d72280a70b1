/** Which notices go into one message: what asks for a decision stands alone, the rest a few together, in their order. */
import type { Notice } from "../ports/outbox.ts";
import { cardIn, type Room, rooms } from "./approval-text.ts";

const together = 10;

export function messagesOf(notices: readonly Notice[]): readonly (readonly Notice[])[] {
  const messages: Notice[][] = [];
  let open: Notice[] | null = null;
  for (const notice of notices) {
    if (cardIn(notice) !== null) {
      messages.push([notice]);
      open = null;
    } else if (open === null || open.length >= together) {
      open = [notice];
      messages.push(open);
    } else open.push(notice);
  }
  return messages;
}

/** The largest version that fits; where none does, the smallest. `shortened` says so in the message itself. */
export function fitting<T>(
  render: (room: Room, shortened: boolean) => T,
  sizeOf: (made: T) => number,
  most: number,
): T {
  const [whole, ...smaller] = rooms;
  let made = render(whole ?? { lines: 1, length: 80 }, false);
  for (const room of smaller) {
    if (sizeOf(made) <= most) return made;
    made = render(room, true);
  }
  return made;
}
