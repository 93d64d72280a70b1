/** What one Event Hubs event carries, to its records: wrapped, bare, a list, text or bytes. */
import type { DeadLetter } from "../domain/dead-letter.ts";
import { field, isFields } from "./fields.ts";
import { type JsonPiece, parseJsonText } from "./json-text.ts";

export type Opened =
  | { readonly ok: true; readonly record: unknown }
  | { readonly ok: false; readonly letter: Omit<DeadLetter, "origin"> };

/** Layers that are no record themselves: bytes, text, list, wrapper, list. More is an attack on our stack. */
const deepestLayer = 6;
/** One event of 1 MB could otherwise become half a million dead letters. */
const mostLetters = 20;

interface Layer {
  readonly piece: JsonPiece;
  readonly depth: number;
}

/**
 * The records in an event's body, in their order. What cannot be read becomes a dead letter and takes nothing else with it;
 * beyond 20 of them one letter stands for the rest. Never throws, and never recurses over the input.
 */
export function openEnvelope(body: unknown): Opened[] {
  const opened: Opened[] = [];
  let letters = 0;
  const waiting: Layer[] = [{ piece: { ok: true, value: body }, depth: 0 }];
  for (let layer = waiting.pop(); layer !== undefined; layer = waiting.pop()) {
    const inside = unwrap(layer);
    if (Array.isArray(inside)) {
      for (let i = inside.length - 1; i >= 0; i--) {
        const piece = inside[i];
        if (piece !== undefined) waiting.push({ piece, depth: layer.depth + 1 });
      }
    } else if (inside.ok || letters++ < mostLetters) opened.push(inside);
  }
  if (letters > mostLetters) {
    opened.push(broken("not-read", `${letters - mostLetters} more parts of this event could not be read either.`));
  }
  return opened;
}

/** One layer to what lies within it, or to what it is itself. */
function unwrap({ piece, depth }: Layer): JsonPiece[] | Opened {
  if (!piece.ok) {
    return broken("not-json", `Line ${piece.line} of the event's body is not valid JSON; find out what sends it.`);
  }
  const { value } = piece;
  if (isFields(value)) {
    const records = recordsOf(value);
    return records === null ? { ok: true, record: value } : layer(depth, () => records.map(readable));
  }
  if (typeof value === "string") return layer(depth, () => parseJsonText(stripMark(value)));
  if (Array.isArray(value)) return layer(depth, () => value.map(readable));
  if (value instanceof Uint8Array) return layer(depth, () => [readable(new TextDecoder().decode(value))]);
  return broken("not-an-object", "A record must be a JSON object; find out what else sends to this hub.");
}

function layer(depth: number, within: () => JsonPiece[]): JsonPiece[] | Opened {
  if (depth < deepestLayer) return within();
  return broken("too-deep", `Records are expected within ${deepestLayer} layers of lists and text.`);
}

function readable(value: unknown): JsonPiece {
  return { ok: true, value };
}

/** The list of a wrapper. A record has a category of its own; only what has none is looked at for a list. */
function recordsOf(value: Readonly<Record<string, unknown>>): readonly unknown[] | null {
  if (Object.hasOwn(value, "category")) return null;
  const records = field(value, "records") ?? field(value, "value");
  return Array.isArray(records) ? records : null;
}

function stripMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function broken(reason: string, detail: string): Opened {
  return { ok: false, letter: { reason, detail, category: null, recordId: null } };
}
