/**
 * Cuts the OpenAPI descriptions down to what the twin serves:
 *   node local/tenant/openapi/subset.ts FOLDER
 * where FOLDER holds graph-v1.0.json and graph-beta.json.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GraphVersion } from "../description.ts";
import { routes } from "../routes.ts";

type Node = Record<string, unknown>;
interface Document extends Node {
  paths: Record<string, Node>;
  components: { schemas: Record<string, unknown>; responses: Record<string, unknown> };
}

/** Adds every component that a piece of the description refers to, directly or not. */
function collect(piece: unknown, schemas: Readonly<Record<string, unknown>>, wanted: Set<string>): void {
  for (const [, name = ""] of JSON.stringify(piece).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (wanted.has(name)) continue;
    wanted.add(name);
    collect(schemas[name] ?? {}, schemas, wanted);
  }
}

/** Navigation properties are served only under paths of their own, and their types would bring half of Graph along. */
function dropNavigation(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    const navigation = typeof value === "object" && value !== null && "x-ms-navigationProperty" in value;
    return navigation ? undefined : value;
  });
}

/** In the API topics ("Create federatedIdentityCredential", beta), but not in the descriptions that the subset is cut from. */
function supplementFederated(document: Document): void {
  const path = document.paths["/applications/{application-id}/federatedIdentityCredentials"];
  if (!path) return;
  const content = {
    "application/json": { schema: { $ref: "#/components/schemas/microsoft.graph.federatedIdentityCredential" } },
  };
  const error = { $ref: "#/components/responses/error" };
  path["post"] ??= {
    operationId: "applications.application.id.federatedIdentityCredentials.post",
    "x-graph-application-permissions": {
      leastPrivileged: ["Application.ReadWrite.OwnedBy"],
      higherPrivileged: ["Application.ReadWrite.All"],
      source: "API topic",
    },
    requestBody: { required: true, content },
    responses: { "201": { content, description: "" }, "4XX": error, "5XX": error },
  };
}

/** Of the types derived from it the topic "ipNamedLocation" lists these properties; the descriptions hold the base alone. */
function supplementNamedLocation({ components: { schemas } }: Document): void {
  const [, own] = (schemas["microsoft.graph.namedLocation"] as { allOf: { properties: Node }[] }).allOf;
  Object.assign(own?.properties ?? {}, {
    isTrusted: { type: "boolean" },
    ipRanges: {
      type: "array",
      items: { title: "ipRange", type: "object", properties: { cidrAddress: { type: "string" } } },
    },
    countriesAndRegions: { type: "array", items: { type: "string" } },
    countryLookupMethod: { type: "string" },
    includeUnknownCountriesAndRegions: { type: "boolean" },
  });
}

/** The topic "Get directoryObject"; the descriptions hold the way to read many alone. */
function supplementDirectoryObject(document: Document): void {
  const error = { $ref: "#/components/responses/error" };
  const text = { type: "string" };
  const schema = { $ref: "#/components/schemas/microsoft.graph.directoryObject" };
  document.paths["/directoryObjects/{directoryObject-id}"] ??= {
    parameters: [{ name: "directoryObject-id", in: "path", required: true, schema: text }],
    get: {
      operationId: "directoryObjects.directoryObject.GetDirectoryObject",
      "x-graph-application-permissions": {
        leastPrivileged: ["Directory.Read.All"],
        higherPrivileged: [],
        source: "API topic",
      },
      parameters: [{ name: "$select", in: "query", required: false, schema: text }],
      responses: {
        "200": { content: { "application/json": { schema } }, description: "" },
        "4XX": error,
        "5XX": error,
      },
    },
  };
}

function supplement(document: Document, version: GraphVersion): void {
  if (version === "beta") supplementFederated(document);
  else {
    supplementNamedLocation(document);
    supplementDirectoryObject(document);
  }
}

function subset(document: Document, version: GraphVersion): Document {
  supplement(document, version);
  const served = [...Object.keys(routes[version]), "POST /$batch"];
  const paths: Record<string, Node> = {};
  for (const key of served) {
    const [method = "", template = ""] = key.split(" ");
    const source = document.paths[template];
    const operation = source?.[method.toLowerCase()];
    if (!source || !operation) throw new Error(`The ${version} description has no ${key}: take it out of routes.ts.`);
    paths[template] = { ...(source["parameters"] ? { parameters: source["parameters"] } : {}), ...paths[template] };
    paths[template][method.toLowerCase()] = operation;
  }
  const lean = Object.fromEntries(Object.entries(document.components.schemas).map(([k, v]) => [k, dropNavigation(v)]));
  const wanted = new Set<string>();
  collect([paths, document.components.responses], lean, wanted);
  const schemas = Object.fromEntries(Object.entries(lean).filter(([name]) => wanted.has(name)));
  return { ...document, paths, components: { ...document.components, schemas } };
}

function main(folder: string | undefined): void {
  if (folder === undefined) throw new Error("Name the folder that holds graph-v1.0.json and graph-beta.json.");
  for (const version of ["v1.0", "beta"] as const) {
    const name = `graph-${version}.json`;
    const document = JSON.parse(readFileSync(join(folder, name), "utf8")) as Document;
    writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(subset(document, version), null, 1)}\n`);
  }
}

main(process.argv[2]);
