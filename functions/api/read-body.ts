/** The body of a request → a JSON value that nothing behind it can stumble over. Refuses by TerminalError. */
import type { HttpRequest } from "@azure/functions";
import { TerminalError } from "../../shared/domain/errors.ts";

const maxBytes = 64 * 1024;
const maxDepth = 16;

/** Undefined: there is none. Throws `body-too-large`, `not-sent-as-json` or `bad-json`. */
export async function readBody(request: HttpRequest): Promise<{ readonly value: unknown; readonly text: string }> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > maxBytes) throw tooLarge();
  if (bytes.byteLength === 0) return { value: undefined, text: "" };
  checkType(request.headers);
  const text = decode(bytes);
  const value = parse(text);
  checkTree(value);
  return { value, text };
}

function tooLarge(): TerminalError {
  return new TerminalError(`a body has at most ${maxBytes / 1024} KiB`, { code: "body-too-large" });
}

function checkType(headers: HttpRequest["headers"]): void {
  const type = headers.get("content-type") ?? "";
  const encoding = headers.get("content-encoding") ?? "identity";
  if (/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type.trim()) && encoding === "identity") return;
  const message = "send JSON in UTF-8 with `Content-Type: application/json` and without a Content-Encoding";
  throw new TerminalError(message, { code: "not-sent-as-json" });
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TerminalError("the body is not UTF-8", { code: "bad-json", cause });
  }
}

/** The parser's own message quotes what it was given, so it is not told. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TerminalError("the body is not JSON: check its brackets, quotes and commas", { code: "bad-json", cause });
  }
}

/** Without recursion, since the depth is what is in question. */
function checkTree(root: unknown): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    const wrong = problemOf(value, depth);
    if (wrong !== null) throw new TerminalError(wrong, { code: "bad-json" });
    if (typeof value !== "object" || value === null) continue;
    for (const child of Object.values(value)) open.push({ value: child, depth: depth + 1 });
  }
}

function problemOf(value: unknown, depth: number): string | null {
  if (depth > maxDepth) return `the body is nested more than ${maxDepth} levels deep`;
  if (typeof value === "number" && !Number.isFinite(value)) return "the body has a number that is too large";
  const texts = typeof value === "string" ? [value] : keysOf(value);
  if (texts.includes("__proto__")) return "the body has `__proto__`, which is no field of anything";
  if (!texts.every((text) => text.isWellFormed())) return "the body has half of a surrogate pair: that is no text";
  return null;
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
