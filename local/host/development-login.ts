// `POST /.auth/login/development`: gives anybody on this machine the token of whoever they say they are. It exists only here.
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { personId } from "../person-id.ts";
import type { DevelopmentTokens } from "./development-tokens.ts";

export const loginPath = "/.auth/login/development";

const MAX_BYTES = 16 * 1024;

const wish = z.strictObject({
  /** user principal name, or any name of a workload */
  name: z.string().min(1).max(200),
  /** values of app roles */
  roles: z.array(z.string().min(1).max(100)).max(20),
  kind: z.enum(["person", "workload"]).default("person"),
  /** until the token expires */
  minutes: z
    .number()
    .min(-60)
    .max(24 * 60)
    .default(60),
});

/** Answers `{accessToken, expiresOn, objectId}`, or 400 saying what is wrong. */
export async function logIn(request: IncomingMessage, response: ServerResponse, tokens: DevelopmentTokens) {
  const parsed = wish.safeParse(await readJson(request));
  if (!parsed.success) {
    send(response, 400, { error: z.prettifyError(parsed.error) });
    return;
  }
  const { name, roles, kind, minutes } = parsed.data;
  const objectId = personId(name);
  const expiresOn = Math.floor(Date.now() / 1000 + minutes * 60);
  send(response, 200, {
    accessToken: tokens.issue({ name, roles, kind, objectId, exp: expiresOn }),
    expiresOn,
    objectId,
  });
}

/** Undefined for what is no JSON. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= MAX_BYTES) chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}

export function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
  response.end(JSON.stringify(body));
}
