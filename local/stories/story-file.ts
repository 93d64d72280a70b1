// Reads a story from YAML. One error lists everything that is wrong with it, each with its line.
import { readFileSync } from "node:fs";
import { isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { Story } from "./story.ts";
import { danglingNames, type Problem } from "./story-names.ts";

/** @throws Error naming the file and how to mend it */
export function readStoryFile(path: string): Story {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(`The story ${path} cannot be read: is there such a file?`, { cause });
  }
  return parseStory(text, path);
}

/** @param fileName only shown. @throws Error with a line `file:line:column where: what is wrong` for every mistake */
export function parseStory(text: string, fileName: string): Story {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: "error",
  });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0)
    throw mistakes(syntax.map((error) => `${place(error.pos[0])} no valid YAML: ${error.message}`));
  const parsed = Story.safeParse(document.toJS());
  const problems = parsed.success ? danglingNames(parsed.data) : parsed.error.issues.map(problemOf);
  if (parsed.success && problems.length === 0) return parsed.data;
  const described = problems.map(({ path, text: what }) => {
    const offset = offsetOf(document, path);
    return { offset, line: `${place(offset)} ${path.join(".") || "the story"}: ${what}` };
  });
  throw mistakes(described.sort((a, b) => a.offset - b.offset).map(({ line }) => line));
}

function problemOf(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    return {
      path: [...path, key],
      text: `there is no such field (${issue.keys.join(", ")}); docs/stories.md lists them`,
    };
  }
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    const known =
      "options" in issue && Array.isArray(issue.options)
        ? `: ${issue.options.join(", ")}`
        : "; docs/stories.md lists them";
    return { path, text: `there is no such \`${issue.discriminator}\`${known}` };
  }
  return { path, text: issue.message };
}

/** Of what stands at the path, or of the innermost block that it is missing from. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: Problem["path"]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function mistakes(lines: readonly string[]): Error {
  const count = lines.length === 1 ? "1 mistake" : `${lines.length} mistakes`;
  return new Error([`The story has ${count}:`, ...lines.map((line) => `  ${line}`)].join("\n"));
}
