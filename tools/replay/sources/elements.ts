/** Tokens of JSON → the elements of its lists, each assembled by itself, so that no document has to fit into memory. */
import { Assembler } from "stream-json/assembler.js";
import type { Token } from "stream-json/parser.js";
import { longestRecordBytes } from "./piece.ts";

export interface ElementPicker {
  consume(token: Token): void;
  /** so many more characters were read */
  grow(size: number): void;
  /** nothing is half read */
  isWhole(): boolean;
}

interface Heard {
  found(value: unknown, bytes: number, beside: Readonly<Record<string, unknown>> | null): void;
  tooLong(): void;
}

/** A container that is not assembled, because its elements are wanted one by one. */
type Frame =
  | { readonly kind: "object"; readonly members: Record<string, unknown>; key: string; isList: boolean }
  | { readonly kind: "list"; readonly beside: Readonly<Record<string, unknown>> | null; readonly ofTables: boolean };

/** Lists of a wrapper: of the diagnostic settings, of Graph, of the query API of Log Analytics. */
const lists = new Set(["records", "value", "tables", "rows"]);

export function pickElements(heard: Heard): ElementPicker {
  return new Picker(heard);
}

class Picker implements ElementPicker {
  readonly #heard: Heard;
  readonly #frames: Frame[] = [];
  /** of the value that is assembled now; null: none is */
  #value: Assembler<unknown> | null = null;
  #depth = 0;
  #size = 0;
  #text: string[] = [];

  constructor(heard: Heard) {
    this.#heard = heard;
  }

  isWhole(): boolean {
    return this.#frames.length === 0 && this.#depth === 0;
  }

  grow(size: number): void {
    this.#size += size;
    if (this.#size <= longestRecordBytes) return;
    const frame = this.#frames.at(-1);
    if (frame?.kind === "object") this.#giveUp(frame);
    else if (this.#depth > 0) this.#value = null;
  }

  /** What it holds besides lists is too much for a record. */
  #giveUp(frame: Extract<Frame, { kind: "object" }>): void {
    if (!frame.isList) this.#heard.tooLong();
    frame.isList = true;
    for (const name of Object.keys(frame.members)) delete frame.members[name];
    if (this.#depth > 0) this.#value = null;
  }

  consume(token: Token): void {
    if (this.#depth > 0) this.#within(token);
    else this.#between(token);
  }

  /** In a value that is assembled, or skipped for its length. */
  #within(token: Token): void {
    if (token.name === "stringChunk") {
      if (this.#value !== null) this.#text.push(token.value);
      return;
    }
    if (token.name.startsWith("start")) this.#depth += 1;
    else if (token.name.startsWith("end")) this.#depth -= 1;
    if (token.name === "startString") this.#text = [];
    else if (token.name === "endString") this.#value?.stringValue(this.#text.join(""));
    else this.#value?.consume(token);
    if (this.#depth === 0) this.#end();
  }

  /** A token right within a frame, or outside of all. */
  #between(token: Token): void {
    const frame = this.#frames.at(-1);
    switch (token.name) {
      case "keyValue":
        if (frame?.kind === "object") frame.key = token.value;
        return;
      case "endObject":
      case "endArray":
        this.#leave();
        return;
      case "startArray":
        if (!this.#isList(frame)) break;
        this.#frames.push(this.#listWithin(frame));
        return;
      case "startObject":
        if (frame !== undefined && !(frame.kind === "list" && frame.ofTables)) break;
        this.#size = 0;
        // without a prototype: `__proto__` is a name like any other
        this.#frames.push({ kind: "object", members: Object.create(null), key: "", isList: false });
        return;
      default:
    }
    this.#begin(token);
  }

  /** A record has a category of its own; only what has none is looked at for a list. */
  #isList(frame: Frame | undefined): boolean {
    if (frame === undefined) return true;
    if (frame.kind === "list") return false;
    return lists.has(frame.key.toLowerCase()) && !Object.hasOwn(frame.members, "category");
  }

  #listWithin(frame: Frame | undefined): Frame {
    if (frame?.kind !== "object") return { kind: "list", beside: null, ofTables: false };
    frame.isList = true;
    this.#size = 0;
    return { kind: "list", beside: frame.members, ofTables: frame.key.toLowerCase() === "tables" };
  }

  #begin(token: Token): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined || frame.kind === "list") this.#size = 0;
    this.#value = new Assembler<unknown>();
    this.#depth = token.name.startsWith("start") ? 1 : 0;
    if (token.name === "startString") this.#text = [];
    else this.#value.consume(token);
    if (this.#depth === 0) this.#end();
  }

  #end(): void {
    const frame = this.#frames.at(-1);
    if (frame?.kind === "object") {
      if (this.#value !== null) frame.members[frame.key] = this.#value.current;
    } else if (this.#value === null) this.#heard.tooLong();
    else this.#heard.found(this.#value.current, this.#size, frame?.beside ?? null);
    this.#value = null;
  }

  /** An object that had no list is a record, or a Graph object, itself. */
  #leave(): void {
    const frame = this.#frames.pop();
    if (frame?.kind === "object" && !frame.isList) this.#heard.found(frame.members, this.#size, null);
    if (this.#frames.length === 0) this.#size = 0;
  }
}
