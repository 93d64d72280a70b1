/** Graph's own descriptions: which permissions an operation takes. The whole ones where they lie beside the project, else the twin's part of them. */
import { existsSync, readFileSync } from "node:fs";

type Permission = string | { readonly permission: string };

interface Operation {
  readonly "x-graph-application-permissions"?: {
    readonly leastPrivileged?: readonly Permission[];
    readonly higherPrivileged?: readonly Permission[];
  };
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const folder = existsSync("../shared/openapi/graph-v1.0.json") ? "../shared/openapi" : "local/tenant/openapi";

function read(version: "v1.0" | "beta"): Paths {
  return (JSON.parse(readFileSync(`${folder}/graph-${version}.json`, "utf8")) as { readonly paths: Paths }).paths;
}

const paths: Readonly<Record<string, Paths>> = { "v1.0": read("v1.0"), beta: read("beta") };

/** Of `GET v1.0 /servicePrincipals/{servicePrincipal-id}`: every permission listed; undefined: no such operation, or none is listed. */
export function listedFor(operation: string): readonly string[] | undefined {
  const [method = "", version = "", template = ""] = operation.split(" ");
  const found = paths[version]?.[template]?.[method.toLowerCase()]?.["x-graph-application-permissions"];
  if (found?.leastPrivileged === undefined && found?.higherPrivileged === undefined) return undefined;
  const all = [...(found.leastPrivileged ?? []), ...(found.higherPrivileged ?? [])];
  return all.map((one) => (typeof one === "string" ? one : one.permission));
}

/** The operation that a request is, by its path; null: no description has it. */
export function operationOf(request: {
  readonly method: string;
  readonly version: string;
  readonly path: string;
}): string | null {
  const path = request.path.split("?")[0] ?? "";
  const found = Object.keys(paths[request.version] ?? {}).find((template) => {
    const pattern = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "([^/()']+)");
    return (
      new RegExp(`^${pattern}$`, "i").test(path) &&
      paths[request.version]?.[template]?.[request.method.toLowerCase()] !== undefined
    );
  });
  return found === undefined ? null : `${request.method} ${request.version} ${found}`;
}
