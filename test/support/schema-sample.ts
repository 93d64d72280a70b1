/** One value that fits a JSON Schema as our routes make them, so that a new route is tested without a word about it. */

export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const texts = [
  "sample",
  "AAAAAAAAAAAAAAAAAAAAAA",
  "99999999-0000-4000-8000-000000000001",
  "appId:99999999-0000-4000-8000-000000000001",
  "2026-03-02T10:00:00.000Z",
  "1",
  "a".repeat(64),
];

/** Throws for what it has no value for: add one to `texts`. */
export function sampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (choice !== undefined) return sampleOf(choice);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "string":
      return textFor(schema);
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, 1);
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}));
    default:
      return objectFor(schema);
  }
}

function textFor({ pattern, minLength = 0 }: Schema): string {
  const found = texts.find(
    (text) => text.length >= minLength && (pattern === undefined || new RegExp(pattern, "u").test(text)),
  );
  if (found === undefined)
    throw new Error(`no sample fits ${pattern} (at least ${minLength}): add one to test/support/schema-sample.ts`);
  return found;
}

function objectFor({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]));
}
