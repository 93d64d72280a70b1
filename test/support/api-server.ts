/** The API of a test over a socket of its own, for whoever speaks nothing else: a browser, or the command line. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Caller } from "../../shared/domain/caller.ts";
import type { CallApi } from "./api.ts";

export interface Asked {
  readonly method: string;
  /** below `/api` */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ApiServer {
  readonly url: string;
  /** everything that was asked, in its order */
  asked: Asked[];
  /** who is signed in, whatever they send; null: nobody */
  as: Caller | null;
  call: CallApi;
  /** false: every connection is cut */
  up: boolean;
  stop(): Promise<void>;
}

export async function serveApi(call: CallApi, as: Caller | null): Promise<ApiServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = (request.url ?? "").replace(/^\/api/, "");
    const { method = "", headers } = request;
    const sent = { method, path, headers, body: Buffer.concat(chunks).toString("utf8") };
    // nobody must wait for what a check of the test threw
    await answer(state, sent, response).finally(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const state: ApiServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    as,
    call,
    up: true,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return state;
}

async function answer(state: ApiServer, asked: Asked, response: ServerResponse): Promise<void> {
  state.asked.push(asked);
  if (!state.up) return void response.destroy();
  const { method, path, body } = asked;
  const headers = Object.fromEntries(Object.entries(asked.headers).map(([name, value]) => [name, String(value)]));
  const said = body === "" ? {} : { body: JSON.parse(body) };
  const made = await state.call(method, path, { as: state.as, headers, ...said });
  response.writeHead(made.status, made.headers);
  response.end(typeof made.body === "string" ? made.body : JSON.stringify(made.body));
  await once(response, "finish");
}
