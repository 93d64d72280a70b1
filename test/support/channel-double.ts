/** A channel at the other end of a real socket: what it got, and answers as a test wants them. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ChannelDouble {
  readonly url: string;
  readonly received: Received[];
}

/** `answer` null: it never answers. Gone when the test is over. */
export async function channelDouble(answer: (request: Received, nth: number) => Answer | null): Promise<ChannelDouble> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const got = { path: request.url ?? "", headers: request.headers, body: await text(request) };
    received.push(got);
    const said = answer(got, received.length);
    if (said !== null) response.writeHead(said.status, said.headers).end(said.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}
