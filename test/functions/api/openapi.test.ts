/** The description of the API is OpenAPI, says what each route says, and leaves no hole in what may be sent. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { operations } from "../../../functions/api/operations.ts";
import { apiOn, apiServices } from "../../support/api.ts";
import { description } from "../../support/api-description.ts";
import { newWorld, startProcess } from "../../support/harness-world.ts";

const routes = operations.map(({ route }) => route);

/** Every object schema below, with where it is. */
function objectsIn(schema: unknown, at: string): [string, Record<string, unknown>][] {
  if (typeof schema !== "object" || schema === null) return [];
  const own: [string, Record<string, unknown>][] = "properties" in schema ? [[at, { ...schema }]] : [];
  return [...own, ...Object.entries(schema).flatMap(([key, value]) => objectsIn(value, `${at}.${key}`))];
}

describe("the description of the API", () => {
  it("is served to anybody and is valid OpenAPI 3.1", async () => {
    const call = apiOn(apiServices(startProcess(newWorld()).services));
    const { status, body } = await call("GET", "/openapi.json", { as: null });
    expect(status).toBe(200);
    expect(body).toEqual(description);
    const { valid, errors } = await new Validator().validate(structuredClone(description));
    expect({ valid, errors }).toMatchObject({ valid: true });
  });

  it("has every operation once, under a method and path of its own", () => {
    expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
    expect(new Set(routes.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`)).size).toBe(
      routes.length,
    );
    for (const { path, params } of routes) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(params.shape).sort(), path).toEqual(named.sort());
    }
  });

  it("lets nothing unknown into any object of a body", () => {
    for (const [path, methods] of Object.entries(description.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const body = "requestBody" in operation ? operation.requestBody : {};
        for (const [at, schema] of objectsIn(body, `${method} ${path}`)) {
          expect(schema.additionalProperties, at).toBe(false);
        }
      }
    }
  });
});
