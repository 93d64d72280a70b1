/** One route → one OpenAPI operation: its parameters, headers, body and every answer it may give. */
import type { z } from "zod";
import type { Route } from "../../shared/api/route.ts";
import { jsonSchema } from "./openapi-schema.ts";
import { titlesOf } from "./problems.ts";
import { isForBrowsers } from "./sign-in.ts";

export function operationOf(route: Route): Record<string, unknown> {
  const { id, summary, role, body } = route;
  return {
    operationId: id,
    summary,
    description: whoMay(role),
    security: securityOf(role),
    parameters: [...parametersIn("path", route.params), ...parametersIn("query", route.query), ...headersOf(route)],
    ...(body === null ? {} : { requestBody: { required: true, content: json(jsonSchema(body.strict(), "input")) } }),
    responses: { [route.answer.status]: success(route), ...otherAnswers(route) },
  };
}

function whoMay(role: Route["role"]): string {
  if (role === null) return "Takes no role.";
  return role === "signed-in" ? "Takes no role: every account of the tenant may." : `Takes the app role \`${role}\`.`;
}

/** A scope that is required is a role here, and who is signed in needs none. */
function securityOf(role: Route["role"]): readonly object[] {
  if (role === null) return [];
  return [{ entra: role === "signed-in" ? [] : [role] }];
}

function parametersIn(place: "path" | "query", schema: z.ZodObject): object[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description, ...rest } = jsonSchema(field as z.ZodType, "input");
    const required = place === "path" || !(field as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required, ...(description === undefined ? {} : { description }), schema: rest };
  });
}

function headersOf({ method, etag, idempotent }: Route): object[] {
  const header = (name: string, required: boolean, description: string) => ({
    ...{ name, in: "header", required, description },
    schema: { type: "string" },
  });
  return [
    ...(idempotent === true
      ? [header("Idempotency-Key", false, "the same key is answered the same for 24 hours, and done once")]
      : []),
    ...(etag !== undefined && method !== "GET"
      ? [header("If-Match", etag === "required", "`ETag` of the version that is changed")]
      : []),
    ...(etag !== undefined && method === "GET"
      ? [header("If-None-Match", false, "`ETag` of what is known already: answered with 304 while it stands")]
      : []),
  ];
}

function success({ answer, etag, idempotent, location }: Route): object {
  const others = (answer.contentTypes ?? []).map((type) => [type, { schema: { type: "string" } }]);
  const headers = {
    ...(etag === undefined ? {} : { ETag: text("the version of what is answered") }),
    ...(location === true ? { Location: text("where to look for what was asked for") } : {}),
    ...(idempotent === true ? { "Idempotency-Replayed": text("`true`: this is the answer of the first request") } : {}),
  };
  const content = { ...json(jsonSchema(answer.schema, "output")), ...Object.fromEntries(others) };
  return { description: answer.description, headers, content };
}

function otherAnswers(route: Route): Record<string, object> {
  const statuses = [...titlesOf.keys()].filter((status) => mayAnswer(route, status));
  const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  const problems = statuses.map((status) => [
    String(status),
    { description: [...(titlesOf.get(status) ?? [])].join("; "), content: problem },
  ]);
  const unchanged = route.etag !== undefined && route.method === "GET";
  return {
    ...(isForBrowsers(route)
      ? { "302": { description: "A browser in which nobody is signed in is sent to sign in" } }
      : {}),
    ...(unchanged ? { "304": { description: "It is as you know it" } } : {}),
    ...Object.fromEntries(problems),
  };
}

/** What cannot happen is left out; what might is told. */
function mayAnswer({ role, method, body, params, etag }: Route, status: number): boolean {
  const may: Readonly<Record<number, boolean>> = {
    403: role !== null,
    404: Object.keys(params.shape).length > 0 || body !== null,
    // whoever reads may meet a row that somebody altered
    409: method !== "GET" || role !== null,
    412: etag !== undefined && method !== "GET",
    413: method !== "GET",
    415: method !== "GET",
    422: method !== "GET",
    428: etag === "required",
  };
  return may[status] ?? true;
}

function json(schema: Record<string, unknown>): Record<string, object> {
  return { "application/json": { schema } };
}

function text(description: string): object {
  return { description, schema: { type: "string" } };
}
