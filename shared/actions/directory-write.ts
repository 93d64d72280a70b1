/** One change of the directory as a request, and references to directory objects. */
import type { ApiRequest } from "../ports/tenant.ts";

export function directoryWrite(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: Readonly<Record<string, unknown>>,
  version: "v1.0" | "beta" = "v1.0",
): ApiRequest {
  return { method, version, path, lane: "directory-write", ...(body === undefined ? {} : { body }) };
}

/** The body of a `$ref` POST. Graph reads the id out of the address. */
export function referenceTo(id: string): Readonly<Record<string, string>> {
  return { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}` };
}
