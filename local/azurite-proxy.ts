// An HTTP proxy in front of Azurite: it counts requests and can cut the connection while the data stays.
import { once } from "node:events";
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RequestCounts {
  readonly total: number;
  /** By method and table, such as `GET Plans` or `POST $batch`. */
  readonly byTarget: Readonly<Record<string, number>>;
}

export interface AzuriteProxy {
  readonly port: number;
  /** Drops every connection, replies under way included, and refuses new ones; for `ms`, or until `restore`. */
  cut(ms?: number): void;
  restore(): void;
  /** HTTP requests since the start or the last reset; those refused while cut are not among them. */
  requests(): RequestCounts;
  resetRequests(): void;
  stop(): Promise<void>;
}

export async function startAzuriteProxy(upstreamPort: number, port: number): Promise<AzuriteProxy> {
  const agent = new Agent({ keepAlive: true });
  const counts = new Map<string, number>();
  let isCut = false;
  let restoring: NodeJS.Timeout | undefined;

  const server = createServer((incoming, outgoing) => {
    const target = targetOf(incoming);
    counts.set(target, (counts.get(target) ?? 0) + 1);
    forward(incoming, outgoing, upstreamPort, agent);
  });
  server.on("connection", (socket) => {
    if (isCut) socket.destroy();
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  function restore(): void {
    clearTimeout(restoring);
    isCut = false;
  }

  return {
    port: (server.address() as AddressInfo).port,
    cut(ms) {
      restore();
      isCut = true;
      server.closeAllConnections();
      if (ms !== undefined) restoring = setTimeout(restore, ms).unref();
    },
    restore,
    requests() {
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      return { total, byTarget: Object.fromEntries(counts) };
    },
    resetRequests: () => counts.clear(),
    async stop() {
      clearTimeout(restoring);
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number, agent: Agent): void {
  const { method, url: path, headers } = incoming;
  const upstream = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  // A reply lost on the way is what an outage looks like: the request itself goes on at Azurite.
  upstream.once("error", () => outgoing.destroy());
  incoming.once("close", () => {
    if (!incoming.complete) upstream.destroy();
  });
  incoming.pipe(upstream);
}

/** `/devstoreaccount1/Plans(PartitionKey='a',RowKey='b')?…` is `Plans`. */
function targetOf({ method, url = "" }: IncomingMessage): string {
  const segment = url.split("?")[0]?.split("/")[2] ?? "";
  return `${method} ${segment.split("(")[0]}`;
}
