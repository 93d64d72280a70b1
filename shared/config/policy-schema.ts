/** The policy's JSON schema: for editors (generated file), and to say what was expected where (error messages). */
import { z } from "zod";
import { Policy } from "../domain/policy.ts";

export type Schema = z.core.JSONSchema.BaseSchema;
export type Path = readonly (string | number)[];

/** Draft 7, because yaml-language-server reads it everywhere; of what a person writes, before defaults and transforms. */
export function policyJsonSchema(): Schema {
  return z.toJSONSchema(Policy, { io: "input", target: "draft-7" });
}

/** The schema of the value at `path`; null where the policy has no such place. */
export function schemaAt(root: Schema, path: Path): Schema | null {
  let schema: Schema | null = root;
  for (const segment of path) schema = schema === null ? null : child(schema, segment);
  return schema;
}

function child(schema: Schema, segment: string | number): Schema | null {
  for (const option of schema.anyOf ?? [schema]) {
    const next =
      typeof segment === "number" ? option.items : (option.properties?.[segment] ?? option.additionalProperties);
    if (typeof next === "object" && !Array.isArray(next)) return next;
  }
  return null;
}

/** The keys that may be written at `path`; empty where any key or none is allowed. */
export function allowedKeys(root: Schema, path: Path): string[] {
  const schema = schemaAt(root, path);
  return (schema?.anyOf ?? [schema]).flatMap((option) => Object.keys(option?.properties ?? {}));
}

/** What to write there, for a person: `one of observe, approve, enforce`. */
export function expectation(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(expectation).join(", or ");
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum) return `one of ${schema.enum.join(", ")}`;
  if (schema.type === "number" || schema.type === "integer") return numberExpectation(schema);
  if (schema.type === "array") return `a list, each ${listItem(schema)}`;
  if (schema.type === "object") return objectExpectation(schema);
  return schema.format === "uuid" ? "a GUID (00000000-0000-0000-0000-000000000000)" : "a text";
}

function numberExpectation(schema: Schema): string {
  const kind = schema.type === "integer" ? "a whole number" : "a number";
  const above = schema.exclusiveMinimum === undefined ? "" : ` above ${schema.exclusiveMinimum}`;
  const from = schema.minimum === undefined ? "" : ` from ${schema.minimum}`;
  const upTo =
    schema.maximum === undefined || schema.maximum === Number.MAX_SAFE_INTEGER ? "" : ` up to ${schema.maximum}`;
  return `${kind}${above}${from}${upTo}`;
}

function listItem(schema: Schema): string {
  return typeof schema.items === "object" && !Array.isArray(schema.items) ? expectation(schema.items) : "a text";
}

function objectExpectation(schema: Schema): string {
  const keys = Object.keys(schema.properties ?? {});
  return keys.length > 0 ? `a block with ${keys.join(", ")}` : "a block of lines `name: mode`";
}
