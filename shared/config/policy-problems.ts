/** Says in words what zod found wrong with a policy, one line a problem: where, what is there, what was expected. */
import type { z } from "zod";
import { nearest } from "./nearest.ts";
import { allowedKeys, expectation, type Path, type Schema, schemaAt } from "./policy-schema.ts";
import type { Place, YamlSource } from "./yaml-source.ts";

export interface Problem {
  readonly place: Place;
  readonly text: string;
  /** something that is not there; after a syntax error this proves nothing */
  readonly missing: boolean;
}

type Issue = z.core.$ZodIssue;

/** Every issue, with unions replaced by the branch the writer meant. */
export function problemsOf(issues: readonly Issue[], source: YamlSource, schema: Schema): Problem[] {
  return issues.flatMap(flatten).flatMap((issue) => {
    const path = issue.path.map((segment) => (typeof segment === "number" ? segment : String(segment)));
    return issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownKey(path, key, source, schema))
      : [wrongValue(path, issue, source, schema)];
  });
}

/** The branch meant is the one whose outer form fits; without one, the union itself is the problem. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find((branch) => !branch.some(isAboutForm));
  return meant?.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}

function isAboutForm(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code !== "unrecognized_keys";
}

function unknownKey(path: Path, key: string, source: YamlSource, schema: Schema): Problem {
  const known = allowedKeys(schema, path);
  const guess = nearest(key, known);
  const hint = guess === null ? "" : ` did you mean \`${guess}\`?`;
  const text = `${pathText([...path, key])}: unknown key;${hint} allowed here: ${known.join(", ")}`;
  return { place: source.placeOf([...path, key], "key"), text, missing: false };
}

function wrongValue(path: Path, issue: Issue, source: YamlSource, schema: Schema): Problem {
  const place = source.placeOf(path, "value");
  const expected = schemaAt(schema, path);
  const wanted = issue.code === "custom" || expected === null ? issue.message : `expected ${expectation(expected)}`;
  const found = place.missing ? "is missing" : `is ${shown(issue.input)}`;
  return { place, text: `${pathText(path)}: ${found}; ${wanted}`, missing: place.missing };
}

function pathText(path: Path): string {
  const text = path.map((segment) => (typeof segment === "number" ? `[${segment}]` : `.${segment}`)).join("");
  return text.replace(/^\./, "") || "the file";
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a block";
  const text = typeof value === "string" ? `"${value}"` : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
