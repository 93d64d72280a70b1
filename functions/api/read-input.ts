/** What came with a request → what the route's schemas say it is: path, query and body, every mistake of them told at once. */
import type { HttpRequest } from "@azure/functions";
import type { z } from "zod";
import type { Problem } from "../../shared/api/problem.ts";
import type { Route } from "../../shared/api/route.ts";
import { InputError } from "./problems.ts";
import { readBody } from "./read-body.ts";

type Mistakes = NonNullable<Problem["errors"]>;

export interface Input {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** the body as it came, for telling one request from another */
  readonly text: string;
}

/** Throws InputError naming every part that does not fit, or what `readBody` throws. Fields nobody knows are mistakes, too. */
export async function readInput(route: Route, request: HttpRequest): Promise<Input> {
  const { value, text } = await readBody(request);
  const mistakes: Mistakes = [];
  const params = parse("path", route.params, pick(request.params, route.params), mistakes);
  const query = parse("query", route.query.strict(), Object.fromEntries(request.query), mistakes);
  const body = route.body === null ? nothing(value, mistakes) : parse("body", route.body.strict(), value, mistakes);
  if (mistakes.length > 0) throw new InputError(mistakes.slice(0, 50));
  return { params: params ?? {}, query: query ?? {}, body: body ?? null, text };
}

/** The host adds names of its own to the parameters. */
function pick(given: Readonly<Record<string, string>>, schema: z.ZodObject): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(schema.shape).map((name) => [name, given[name]]));
}

function parse(place: string, schema: z.ZodObject, value: unknown, mistakes: Mistakes): Record<string, unknown> | null {
  const parsed = schema.safeParse(value, { error: missing });
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) mistakes.push(...mistakesOf(place, issue));
  return null;
}

function mistakesOf(place: string, issue: z.core.$ZodIssue): Mistakes {
  const where = [place, ...issue.path.map(String)].join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ where: `${where}.${key}`, problem: "nothing is known by this name here" }));
  return [{ where, problem: issue.message }];
}

/** Undefined: zod's own words, which quote nothing that was sent. */
function missing({ input, path }: z.core.$ZodRawIssue): string | undefined {
  if (input !== undefined) return undefined;
  return path === undefined || path.length === 0 ? "send a JSON object" : "it is missing";
}

function nothing(value: unknown, mistakes: Mistakes): null {
  if (value !== undefined) mistakes.push({ where: "body", problem: "this takes no body" });
  return null;
}
