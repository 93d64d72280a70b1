/** The templates, parsed: what they declare, with every value that stands there in letters. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Language, type Node, Parser } from "web-tree-sitter";

/** A value as written, or the text of what only a deployment knows. */
export type Value = string | number | boolean | readonly Value[] | Expression | Fields;
export interface Fields {
  readonly [name: string]: Value;
}
/** Its key is no name of Azure's. */
export interface Expression {
  readonly "=": string;
}

export interface Resource {
  readonly file: string;
  readonly symbol: string;
  /** `Microsoft.EventHub/namespaces`, nested ones in full */
  readonly type: string;
  readonly version: string;
  readonly existing: boolean;
  /** what a loop goes over; null: no loop */
  readonly each: Value | null;
  readonly body: Fields;
}

export interface Module {
  readonly symbol: string;
  readonly path: string;
  readonly params: Fields;
}

export interface Template {
  readonly file: string;
  readonly root: Node;
  readonly resources: readonly Resource[];
  readonly modules: readonly Module[];
  readonly variables: Fields;
  /** of each parameter: its default, or null for one that must be given */
  readonly parameters: Readonly<Record<string, Value | null>>;
}

/** Every template below the folder, by its path from there. Throws for one that is no Bicep. */
export async function readTemplates(folder: string): Promise<ReadonlyMap<string, Template>> {
  await Parser.init();
  const wasm = createRequire(import.meta.url).resolve("tree-sitter-bicep/tree-sitter-bicep.wasm");
  const parser = new Parser().setLanguage(await Language.load(wasm));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.bicep(param)?$/.test(path),
  );
  return new Map(files.map((file) => [file, templateIn(parser, file, readFileSync(join(folder, file), "utf8"))]));
}

function templateIn(parser: Parser, file: string, text: string): Template {
  const root = parser.parse(text)?.rootNode;
  // The grammar misses the type of a parameter that is only given a value, which is how a .bicepparam has them all.
  const isWrong = file.endsWith("param") ? root?.descendantsOfType("ERROR").length !== 0 : root?.hasError !== false;
  if (root === undefined || isWrong) throw new Error(`${file} does not parse`);
  const variables: Record<string, Value> = {};
  for (const node of children(root, "variable_declaration")) variables[nameOf(node)] = readValue(last(node), variables);
  const parameters = Object.fromEntries(
    children(root, "parameter_declaration").map((node) => {
      const given = node.namedChildren.filter((child) => child.type !== "identifier" && child.type !== "type");
      return [nameOf(node), given[0] === undefined ? null : readValue(given[0], variables)];
    }),
  );
  const resources = children(root, "resource_declaration").flatMap((node) => resourcesIn(node, file, variables, ""));
  const modules = children(root, "module_declaration").map((node) => moduleIn(node, variables));
  return { file, root, resources, modules, variables, parameters };
}

/** The resource and those nested in it. */
function resourcesIn(node: Node, file: string, variables: Fields, parent: string): readonly Resource[] {
  const written = textIn(node.namedChildren[1]);
  const [type = "", version = ""] = (parent === "" ? written : nested(parent, written)).split("@");
  const body = bodyOf(last(node));
  const loop = last(node).type === "for_statement" ? last(node) : null;
  const over = loop?.namedChildren.filter(({ type }) => type !== "for_loop_parameters").at(isPair(loop) ? 0 : 1);
  const own: Resource = {
    file,
    symbol: nameOf(node),
    type,
    version,
    existing: node.children.some(({ type }) => type === "existing"),
    each: over === undefined ? null : readValue(over, variables),
    body: fieldsOf(body, variables),
  };
  const inner = body.namedChildren.flatMap((child) => child.namedChildren).filter(isResource);
  return [own, ...inner.flatMap((child) => resourcesIn(child, file, variables, `${type}@${version}`))];
}

/** `for (one, index) in all`, not `for one in all`. */
function isPair(loop: Node): boolean {
  return loop.namedChildren[0]?.type === "for_loop_parameters";
}

function nested(parent: string, written: string): string {
  const [outer, version] = parent.split("@");
  return written.includes("@") ? `${outer}/${written}` : `${outer}/${written}@${version}`;
}

function moduleIn(node: Node, variables: Fields): Module {
  const { params } = fieldsOf(bodyOf(last(node)), variables);
  return { symbol: nameOf(node), path: textIn(node.namedChildren[1]), params: (params ?? {}) as Fields };
}

/** The object that a declaration comes to, through loops and conditions. */
function bodyOf(node: Node): Node {
  return node.type === "for_statement" || node.type === "if_statement" ? bodyOf(last(node)) : node;
}

function fieldsOf(object: Node, variables: Fields): Fields {
  const pairs = children(object, "object_property")
    .filter(({ namedChildren }) => !namedChildren.some(isResource))
    .map((property) => [textIn(property.namedChildren[0]), readValue(last(property), variables)] as const);
  return Object.fromEntries(pairs);
}

function readValue(node: Node, variables: Fields): Value {
  const expression = { "=": node.text };
  switch (node.type) {
    case "string":
      return node.descendantsOfType("interpolation").length > 0 ? expression : textIn(node);
    case "number":
      return Number(node.text);
    case "boolean":
      return node.text === "true";
    case "object":
      return fieldsOf(node, variables);
    case "array":
      return node.namedChildren.filter(({ type }) => type !== "comment").map((item) => readValue(item, variables));
    case "identifier":
      return variables[node.text] ?? expression;
    default:
      return expression;
  }
}

function isResource({ type }: Node): boolean {
  return type === "resource_declaration";
}

function children(node: Node, type: string): readonly Node[] {
  return node.namedChildren.filter((child) => child.type === type);
}

function last(node: Node): Node {
  return node.namedChildren.at(-1) ?? node;
}

function nameOf(node: Node): string {
  return children(node, "identifier")[0]?.text ?? "";
}

/** Of a string or a name. */
function textIn(node: Node | undefined): string {
  return (node?.text ?? "").replace(/^'|'$/g, "");
}
