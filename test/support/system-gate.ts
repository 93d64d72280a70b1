/** An HTTP proxy that stops at a chosen request: before it is passed on, or after its answer and before the app has it. */
import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface Stop {
  /** settles when the request is there and held */
  readonly reached: Promise<Asked>;
  /** lets it go on; one whose client has died meanwhile is dropped */
  release(): void;
}

export interface Gate {
  readonly port: number;
  readonly url: string;
  /** Holds the first request that matches. */
  stopAt(when: "before" | "after", matches: (asked: Asked) => boolean): Stop;
  close(): Promise<void>;
}

interface Armed {
  readonly when: "before" | "after";
  readonly matches: (asked: Asked) => boolean;
  readonly reach: (asked: Asked) => void;
  readonly released: Promise<void>;
}

export async function openGate(upstreamPort: number): Promise<Gate> {
  const armed = new Set<Armed>();
  const hold = async (when: Armed["when"], asked: Asked): Promise<void> => {
    const stop = [...armed].find((one) => one.when === when && one.matches(asked));
    if (stop === undefined) return;
    armed.delete(stop);
    stop.reach(asked);
    await stop.released;
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, upstreamPort, hold).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stopAt(when, matches) {
      const there = Promise.withResolvers<Asked>();
      const gone = Promise.withResolvers<void>();
      armed.add({ when, matches, reach: there.resolve, released: gone.promise });
      return { reached: there.promise, release: gone.resolve };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  hold: (when: Armed["when"], asked: Asked) => Promise<void>,
): Promise<void> {
  const { method = "GET", url: path = "/", headers } = incoming;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const asked: Asked = { method, path, body: Buffer.concat(chunks).toString("latin1") };
  await hold("before", asked);
  if (outgoing.destroyed) return;
  const upstream = httpRequest({ host: "127.0.0.1", port, method, path, headers });
  upstream.end(Buffer.concat(chunks));
  const [answer] = (await once(upstream, "response")) as [IncomingMessage];
  const body: Buffer[] = [];
  for await (const chunk of answer) body.push(chunk as Buffer);
  await hold("after", asked);
  if (outgoing.destroyed) return;
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  outgoing.end(Buffer.concat(body));
}
