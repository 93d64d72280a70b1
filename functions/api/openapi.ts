/** The description of the API, made from the routes and their schemas: what the handlers check is what is described. */
import { z } from "zod";
import { Problem } from "../../shared/api/problem.ts";
import { defineRoute, type Route } from "../../shared/api/route.ts";
import { type Operation, operation } from "./handler.ts";
import { operationOf } from "./openapi-operation.ts";
import { jsonSchema } from "./openapi-schema.ts";

const route = defineRoute({
  id: "getOpenApi",
  method: "GET",
  path: "/openapi.json",
  summary: "This description, as OpenAPI 3.1.",
  role: null,
  params: z.object({}),
  query: z.object({}),
  body: null,
  answer: {
    status: 200,
    description: "an OpenAPI 3.1 document",
    schema: z.record(z.string(), z.unknown()),
  },
});

/** The operation that describes all the others, and itself. Made on the first request. */
export function describing(others: readonly Operation[]): Operation {
  let document: Record<string, unknown> | null = null;
  return operation(route, async () => {
    document ??= openApi([...others.map((other) => other.route), route]);
    return { body: document };
  });
}

/** The OpenAPI 3.1 document. */
export function openApi(routes: readonly Route[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of routes) paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: operationOf(one) };
  return {
    openapi: "3.1.0",
    info: {
      title: "Tourniquet",
      version: "1",
      summary: "Contains compromised Microsoft Entra workload identities",
      description,
    },
    servers: [{ url: "/api" }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(Problem, "output") },
      securitySchemes: { entra },
    },
  };
}

const description = [
  "Identities are named by object id or `appId:…`, never by name.",
  "What goes wrong is told as RFC 9457 problem details, whose `type` stays the same.",
  "Listings are newest first and come in pages: send `nextCursor` back as `cursor`.",
  "What is answered with 202 is done by the writer soon after; `Location` says where to look.",
  "No operation waits for Microsoft Graph: what was read from it says when.",
].join(" ");

const entra = {
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description:
    "An access token of Microsoft Entra ID for this API, of a person or of another workload, with one of the app roles Tourniquet.Reader, .Operator, .Approver and .Admin. App Service Authentication checks it. Each operation names the role it takes; Admin includes all, and each role includes reading. One that names none takes any account of the tenant.",
};
