// What the broker remembers of one connected client.
import type { Connection, Sender } from "rhea";

export interface Peer {
  /** True once it has put a token to `$cbs`. */
  authorised: boolean;
  /** Links of ours that carry the answers of `$cbs` and `$management`. */
  replyLinks: Set<Sender>;
  /** Run once when the connection is gone, however it went. */
  onGone: Set<() => void>;
}

export interface Peers {
  of(connection: Connection): Peer;
  forget(connection: Connection): void;
}

export function createPeers(): Peers {
  const peers = new Map<Connection, Peer>();
  return {
    of(connection) {
      const known = peers.get(connection) ?? { authorised: false, replyLinks: new Set(), onGone: new Set() };
      peers.set(connection, known);
      return known;
    },
    forget(connection) {
      const peer = peers.get(connection);
      peers.delete(connection);
      for (const leave of peer?.onGone ?? []) {
        leave();
      }
    },
  };
}
