/** Turns OpenAPI 3.0 component schemas into JSON Schema that refuses what it does not know. */

type Node = Readonly<Record<string, unknown>>;

/** Annotations such as `accountEnabled@odata.bind` and `@odata.context` belong to the protocol, not to the type. */
const annotations = { "@odata\\.|@microsoft\\.graph\\.": true };

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function orNull(schema: Node, nullable: unknown): Node {
  return nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

/** All properties of a schema, bases first. */
export function propertiesOf(schema: unknown, schemas: Node): Node {
  if (!isNode(schema)) return {};
  if (typeof schema.$ref === "string") return propertiesOf(schemas[nameOf(schema.$ref)], schemas);
  const inherited = nodes(schema.allOf).map((part) => propertiesOf(part, schemas));
  return Object.assign({}, ...inherited, isNode(schema.properties) ? schema.properties : {});
}

/** The component's name in a `#/components/schemas/…` reference. */
export function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

/**
 * Open in the description only because agent identities derive from them: their properties are let in, and nothing else, so
 * that a misspelt property does not pass.
 */
const closedTypes = new Set(["servicePrincipal", "application"]);

/** The properties that types derived from this one add. */
function derivedProperties(title: string, schemas: Node): Node {
  const derived = Object.values(schemas).filter((one) => {
    const [base] = isNode(one) ? nodes(one.allOf) : [];
    return typeof base?.$ref === "string" && base.$ref.endsWith(`/microsoft.graph.${title}`);
  });
  return Object.assign({}, ...derived.map((one) => propertiesOf(one, schemas)));
}

function convertObject(schema: Node, schemas: Node, root: string): Node {
  const own = nodes(schema.allOf).at(-1) ?? schema;
  const title = String(own.title);
  const derived = closedTypes.has(title) ? derivedProperties(title, schemas) : {};
  const properties: Node = { ...derived, ...propertiesOf(schema, schemas) };
  const extra = own.additionalProperties;
  const open = Object.keys(properties).length === 0 || (extra === true && !closedTypes.has(title));
  return {
    type: "object",
    ...(Array.isArray(schema.required) ? { required: schema.required } : {}),
    properties: Object.fromEntries(Object.entries(properties).map(([k, v]) => [k, convert(v, schemas, root)])),
    patternProperties: annotations,
    additionalProperties: isNode(extra) ? convert(extra, schemas, root) : open,
  };
}

/**
 * @param root `$id` of the document that holds the components
 * @returns JSON Schema (draft 7): bases merged in, unknown properties refused, `nullable` spelled out
 */
export function convert(schema: unknown, schemas: Node, root: string): Node | boolean {
  if (!isNode(schema)) return true;
  const { nullable, ...rest } = schema;
  if (typeof rest.$ref === "string") return { $ref: `${root}#/schemas/${nameOf(rest.$ref)}` };
  if (rest.anyOf) {
    return orNull({ anyOf: nodes(rest.anyOf).map((part) => convert(part, schemas, root)) }, nullable);
  }
  if (rest.allOf || rest.type === "object") return orNull(convertObject(rest, schemas, root), nullable);
  if (rest.type === "array") {
    const items = convert(rest.items ?? {}, schemas, root);
    const limit = typeof rest.maxItems === "number" ? { maxItems: rest.maxItems } : {};
    return orNull({ type: "array", items, ...limit }, nullable);
  }
  const { type, format, enum: members } = rest;
  const plain = { ...(type ? { type } : {}), ...(format ? { format } : {}), ...(members ? { enum: members } : {}) };
  return orNull(plain, nullable);
}
