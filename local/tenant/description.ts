/** The OpenAPI description the twin is held to: which requests exist, and what bodies look like. */
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { fullFormats } from "ajv-formats/dist/formats.js";
import { convert, propertiesOf } from "./schemas.ts";

export type GraphVersion = "v1.0" | "beta";

export interface Permission {
  readonly permission: string;
  /** any one of these besides; empty: none needed */
  readonly alsoRequires: readonly string[];
}

export interface Operation {
  readonly version: GraphVersion;
  readonly template: string;
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: ReadonlySet<string>;
  readonly queryTypes: ReadonlyMap<string, string>;
  /** application permissions of which one suffices; empty when the description names none */
  readonly permissions: readonly Permission[];
  readonly needsBody: boolean;
}

export interface Description {
  /** Finds a path (below the version, query taken off). `method-not-allowed` when the path has no such method. */
  match(version: GraphVersion, method: string, path: string): Operation | "method-not-allowed" | "unknown";
  /** Null when the body is allowed, else what is wrong. */
  checkRequest(operation: Operation, body: unknown): string | null;
  checkResponse(operation: Operation, status: number, body: unknown): string | null;
  /** Property names of `microsoft.graph.…`, for `$select`. */
  properties(version: GraphVersion, type: string): ReadonlySet<string>;
  /** Every `METHOD /template` of a version. */
  operations(version: GraphVersion): string[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: { readonly type?: string };
}
interface Content {
  readonly content?: { readonly "application/json"?: { readonly schema?: unknown } };
}
type PermissionNode = string | { readonly permission: string; readonly alsoRequires: string };
interface OperationNode {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly $ref?: string }>>;
  readonly "x-graph-application-permissions"?: {
    readonly leastPrivileged?: readonly PermissionNode[];
    readonly higherPrivileged?: readonly PermissionNode[];
  };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationNode>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const versions: readonly GraphVersion[] = ["v1.0", "beta"];
const formats = { ...fullFormats, base64url: /^[A-Za-z0-9+/_=-]*$/ };

function load(version: GraphVersion): Document {
  return JSON.parse(readFileSync(new URL(`./openapi/graph-${version}.json`, import.meta.url), "utf8")) as Document;
}

/** `/servicePrincipals(appId='{appId}')/owners` → a pattern with one group per parameter. */
function compile(template: string): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map((found) => found[1] ?? "");
  const source = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "([^/()']+)");
  return { pattern: new RegExp(`^${source}$`, "i"), names };
}

function schemaOf(node: Content | undefined): unknown {
  return node?.content?.["application/json"]?.schema;
}

function permissionOf(node: PermissionNode): Permission {
  if (typeof node === "string") return { permission: node, alsoRequires: [] };
  return { permission: node.permission, alsoRequires: node.alsoRequires.split(",") };
}

function operationOf(
  version: GraphVersion,
  template: string,
  method: string,
  node: OperationNode,
): Omit<Operation, "params"> {
  const query = (node.parameters ?? []).filter((parameter) => parameter.in === "query");
  const permissions = node["x-graph-application-permissions"];
  return {
    version,
    template,
    method,
    query: new Set(query.map((parameter) => parameter.name)),
    queryTypes: new Map(query.map((parameter) => [parameter.name, parameter.schema?.type ?? "string"])),
    permissions: [...(permissions?.leastPrivileged ?? []), ...(permissions?.higherPrivileged ?? [])].map(permissionOf),
    needsBody: node.requestBody !== undefined,
  };
}

function createPart(version: GraphVersion, ajv: Ajv) {
  const document = load(version);
  const schemas = document.components.schemas;
  const converted = Object.fromEntries(Object.entries(schemas).map(([k, v]) => [k, convert(v, schemas, version)]));
  ajv.addSchema({ $id: version, schemas: converted });
  const cache = new Map<string, ValidateFunction>();
  function validator(key: string, schema: unknown): ValidateFunction {
    const known = cache.get(key);
    if (known) return known;
    const made = ajv.compile(convert(schema, schemas, version));
    cache.set(key, made);
    return made;
  }
  // Concrete segments win over parameters: /…/confirmCompromised before /…/{id}.
  const templates = Object.keys(document.paths)
    .map((template) => ({ template, ...compile(template) }))
    .sort((a, b) => a.names.length - b.names.length);
  return { document, templates, validator };
}
type Part = ReturnType<typeof createPart>;

function check(ajv: Ajv, validate: ValidateFunction, body: unknown): string | null {
  return validate(body) ? null : ajv.errorsText(validate.errors, { dataVar: "body" });
}

function nodeOf(part: Part, operation: Operation): OperationNode | undefined {
  return part.document.paths[operation.template]?.[operation.method.toLowerCase()];
}

function find(part: Part, version: GraphVersion, method: string, path: string): ReturnType<Description["match"]> {
  for (const { template, pattern, names } of part.templates) {
    const found = pattern.exec(path);
    if (!found) continue;
    const node = part.document.paths[template]?.[method.toLowerCase()];
    if (!node) return "method-not-allowed";
    const params = Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? ""]));
    return { ...operationOf(version, template, method, node), params };
  }
  return "unknown";
}

/** An action whose parameters are all optional may be called without a body: `restore`. */
function isOptional(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "properties" in schema && !("required" in schema);
}

const errorSchema = { $ref: "#/components/schemas/microsoft.graph.ODataErrors.ODataError" };

/** What the description says an answer with this status looks like. */
function answerOf(node: OperationNode | undefined, status: number): { readonly schema: unknown } | "undescribed" {
  if (status >= 400) return { schema: errorSchema };
  const described = node?.responses[String(status)];
  return described ? { schema: schemaOf(described) } : "undescribed";
}

function build(): Description {
  const ajv = new Ajv({ strict: false, formats, allErrors: false });
  const parts = new Map(versions.map((version) => [version, createPart(version, ajv)]));
  const properties = new Map<string, ReadonlySet<string>>();
  const part = (version: GraphVersion): Part => parts.get(version) ?? createPart(version, ajv);
  return {
    match: (version, method, path) => find(part(version), version, method, path),
    checkRequest(operation, body) {
      const own = part(operation.version);
      const schema = schemaOf(nodeOf(own, operation)?.requestBody);
      if (schema === undefined) return body === undefined ? null : "no body is described for this request";
      if (body === undefined) return isOptional(schema) ? null : "a body is required";
      return check(ajv, own.validator(`request ${operation.method} ${operation.template}`, schema), body);
    },
    checkResponse(operation, status, body) {
      const own = part(operation.version);
      const described = answerOf(nodeOf(own, operation), status);
      if (described === "undescribed") return `status ${status} is not described`;
      if (described.schema === undefined) return body === undefined ? null : "no body is described for this answer";
      const key = status >= 400 ? "error" : `${status} ${operation.method} ${operation.template}`;
      return check(ajv, own.validator(key, described.schema), body);
    },
    properties(version, type) {
      const known = properties.get(`${version} ${type}`);
      if (known) return known;
      const { schemas } = part(version).document.components;
      const found = new Set(Object.keys(propertiesOf(schemas[type], schemas)));
      properties.set(`${version} ${type}`, found);
      return found;
    },
    operations: (version) =>
      Object.entries(part(version).document.paths).flatMap(([template, node]) =>
        Object.keys(node)
          .filter((key) => key !== "parameters")
          .map((key) => `${key.toUpperCase()} ${template}`),
      ),
  };
}

let shared: Description | undefined;

/** Compiling takes a while and the description never changes, so all twins of a process share one. */
export function createDescription(): Description {
  shared ??= build();
  return shared;
}
