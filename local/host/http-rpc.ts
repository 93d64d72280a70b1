// Between node:http and the HTTP data that host and worker exchange.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpCookie, HttpData, NullableMapping, TypedData } from "./core-types.ts";

/** @param params the route parameters */
export async function toHttpData(
  request: IncomingMessage,
  url: URL,
  params: Record<string, string>,
): Promise<HttpData> {
  const bytes = await readBody(request);
  return {
    method: request.method ?? "GET",
    url: url.href,
    nullableHeaders: nullable(joinedHeaders(request)),
    nullableParams: nullable(params),
    // Without a query the library reads it from the URL itself.
    nullableQuery: nullable(joinedQuery(url)),
    ...(bytes.length === 0 ? {} : { body: { bytes } }),
  };
}

/** Writes what the function returned; nothing returned is 204, as in Azure. */
export function sendHttpData(response: ServerResponse, data: HttpData | undefined): void {
  if (data === undefined) {
    response.writeHead(204).end();
    return;
  }
  for (const [name, value] of Object.entries(data.headers ?? {})) response.setHeader(name, value);
  const cookies = (data.cookies ?? []).map(formatCookie);
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.statusCode = Number(data.statusCode ?? 200);
  response.end(bodyOf(data.body));
}

/** Several values of one header become one, joined by commas. */
export function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) joined[name] = (values ?? []).join(", ");
  return joined;
}

function joinedQuery(url: URL): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const name of new Set(url.searchParams.keys())) joined[name] = url.searchParams.getAll(name).join(",");
  return joined;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function nullable(values: Record<string, string>): NullableMapping {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function bodyOf(body: TypedData | null | undefined): string | Uint8Array {
  return body?.bytes ?? body?.string ?? body?.json ?? "";
}

function formatCookie(cookie: HttpCookie): string {
  const sameSite = cookie.sameSite === "explicitNone" ? "None" : cookie.sameSite;
  const expires = cookie.expires?.value?.seconds;
  const attributes = [
    `${cookie.name}=${encodeURIComponent(cookie.value ?? "")}`,
    cookie.path?.value && `Path=${cookie.path.value}`,
    cookie.domain?.value && `Domain=${cookie.domain.value}`,
    expires !== undefined && `Expires=${new Date(expires * 1000).toUTCString()}`,
    typeof cookie.maxAge?.value === "number" && `Max-Age=${cookie.maxAge.value}`,
    cookie.httpOnly?.value && "HttpOnly",
    cookie.secure?.value && "Secure",
    sameSite !== undefined && sameSite !== "none" && `SameSite=${sameSite}`,
  ];
  return attributes.filter((attribute) => typeof attribute === "string" && attribute !== "").join("; ");
}
