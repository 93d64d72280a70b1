// The listening socket and every connection on it, with the means to cut them.
import { createServer, type Server, type Socket } from "node:net";
import type { Container, ConnectionOptions as RheaOptions } from "rhea";
import type { ServerConnection } from "./amqp-types.ts";

/** The service closes a connection on which nothing, not even a heartbeat, came for this long. */
const IDLE_TIMEOUT_MS = 240_000;
const MAX_FRAME_BYTES = 65_536;

export interface Connections {
  port: number;
  /** Resets every connection; clients may come back at once. */
  drop(): void;
  /** Resets every connection, and each new one, until the time is over. */
  cutFor(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  maxMessageBytes: number;
  onGone(connection: ServerConnection): void;
}

/** Listens on 127.0.0.1. Rejects when the port cannot be had. */
export async function listen(container: Container, port: number, options: ConnectionOptions): Promise<Connections> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    if (cuts > 0) {
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    const connection = accept(container, socket, options.maxMessageBytes);
    socket.on("close", () => {
      sockets.delete(socket);
      connection.eof();
      options.onGone(connection);
    });
  });
  const boundPort = await bind(server, port);

  function drop(): void {
    for (const socket of sockets) {
      socket.resetAndDestroy();
    }
  }

  return {
    port: boundPort,
    drop,
    async cutFor(ms) {
      cuts += 1;
      drop();
      await new Promise((resolve) => setTimeout(resolve, ms));
      cuts -= 1;
    },
    async close() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function accept(container: Container, socket: Socket, maxMessageBytes: number): ServerConnection {
  socket.setNoDelay(true);
  const options = {
    idle_time_out: IDLE_TIMEOUT_MS,
    max_frame_size: MAX_FRAME_BYTES,
    reconnect: false,
    receiver_options: { autoaccept: false, max_message_size: maxMessageBytes },
    // Settled on sending, as the service delivers: consumers of Event Hubs keep their place by checkpoints.
    sender_options: { snd_settle_mode: 1 },
  };
  // The declared options are a client's, who must name host and port; an accepted socket has both.
  const connection = container.create_connection(options as unknown as RheaOptions) as ServerConnection;
  connection.accept(socket);
  return connection;
}

async function bind(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error(`the broker listens on ${String(address)}, not on a TCP port`);
  }
  return address.port;
}
