/** An HTTP proxy that can lose an answer: the request arrives, the connection breaks. And one that can be cut. */
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";

export interface LossyProxy {
  readonly port: number;
  /** requests that were passed on */
  readonly passed: number;
  /** The answer to the next request whose path contains `part` is thrown away. */
  loseAnswerTo(part: string, method?: string): void;
  stop(): Promise<void>;
}

export async function startLossyProxy(targetPort: number): Promise<LossyProxy> {
  let losing: { part: string; method: string | undefined } | null = null;
  let passed = 0;
  const server: Server = createServer((incoming, outgoing) => {
    const { method, url = "", headers } = incoming;
    const lost = losing !== null && url.includes(losing.part) && (losing.method ?? method) === method;
    if (lost) losing = null;
    const onward = request({ port: targetPort, host: "127.0.0.1", method, path: url, headers }, (answer) => {
      if (lost) {
        answer.resume().on("end", () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed += 1;
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    port: address.port,
    get passed() {
      return passed;
    },
    loseAnswerTo(part, method) {
      losing = { part, method };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
