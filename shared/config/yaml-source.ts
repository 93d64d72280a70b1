/** A parsed YAML text that still knows where each of its values was written. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";

/** Both count from one. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlSource {
  /** plain data, as far as it could be read */
  readonly value: unknown;
  readonly syntaxErrors: readonly { readonly place: Place; readonly text: string }[];
  /** Where the value at `path` stands, or its key; where it is missing, the place of the block it is missing from. */
  placeOf(path: readonly (string | number)[], part: "key" | "value"): Place & { readonly missing: boolean };
}

/** Never throws: what is no YAML comes back as `syntaxErrors`. */
export function parseYaml(text: string): YamlSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, logLevel: "error" });
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // a warning is a tag or a version we do not know: in a policy that is a mistake, too
  const syntaxErrors = [...document.errors, ...document.warnings].map((error) => ({
    place: placeAt(error.pos[0]),
    text: error.message,
  }));
  const data = toData(document);
  if (data.error !== null) syntaxErrors.push({ place: placeAt(firstAlias(document)), text: data.error });
  return {
    value: data.value,
    syntaxErrors,
    placeOf(path, part) {
      const { offset, missing } = locate(document, path, part);
      return { ...placeAt(offset), missing };
    },
  };
}

/** The library refuses aliases without an anchor, and too many of them, only here and by throwing. */
function toData(document: Document.Parsed): { value: unknown; error: string | null } {
  try {
    return { value: document.toJS(), error: null };
  } catch (error) {
    if (error instanceof Error) return { value: undefined, error: error.message };
    throw error;
  }
}

function firstAlias(document: Document.Parsed): number {
  let offset = 0;
  visit(document, {
    Alias(_, node) {
      offset = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

interface Step {
  readonly key: Node | null;
  readonly value: Node | null;
}

function locate(document: Document.Parsed, path: readonly (string | number)[], part: "key" | "value") {
  let at: Step = { key: null, value: document.contents };
  for (const segment of path) {
    const next = descend(document, at.value, segment);
    if (next === null) return { offset: offsetOf(at, "key"), missing: true };
    at = next;
  }
  return { offset: offsetOf(at, part), missing: false };
}

function descend(document: Document.Parsed, from: Node | null, segment: string | number): Step | null {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(segment));
    return pair ? { key: pair.key, value: pair.value } : null;
  }
  const item = isSeq<Node>(node) ? node.items[Number(segment)] : undefined;
  return item ? { key: item, value: item } : null;
}

/** `mode:` with nothing behind it has its value nowhere, so the key is shown. */
function offsetOf(step: Step, part: "key" | "value"): number {
  const empty = isScalar(step.value) && step.value.value === null && !step.value.source;
  const node = part === "value" && !empty ? (step.value ?? step.key) : (step.key ?? step.value);
  return node?.range?.[0] ?? 0;
}
