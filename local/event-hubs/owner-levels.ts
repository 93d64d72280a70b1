// Who may read one partition in one consumer group: owner levels (epochs) and the limit of readers without one.
import { type Refusal, stolen } from "./refusal.ts";

export interface Reader {
  name: string;
  ownerLevel?: number;
  detach(reason: Refusal): void;
}

export interface Readers {
  /** Admits the newcomer, detaching whom it displaces, or says why not. */
  admit(newcomer: Reader): Refusal | undefined;
  remove(reader: Reader): void;
}

/** Event Hubs' limit of readers without owner level per partition and consumer group. */
const MAX_SHARED_READERS = 5;

export function createReaders(): Readers {
  const readers = new Set<Reader>();
  return {
    admit(newcomer) {
      const refusal = refusalFor([...readers], newcomer);
      if (refusal === undefined) {
        displace(readers, newcomer);
        readers.add(newcomer);
      }
      return refusal;
    },
    remove: (reader) => readers.delete(reader),
  };
}

function refusalFor(readers: readonly Reader[], newcomer: Reader): Refusal | undefined {
  const owner = readers.find((reader) => reader.ownerLevel !== undefined);
  if (owner?.ownerLevel === undefined) {
    return newcomer.ownerLevel === undefined && readers.length >= MAX_SHARED_READERS ? tooManyReaders() : undefined;
  }
  if (newcomer.ownerLevel === undefined) {
    return stolen(
      `At least one receiver for the endpoint is created with epoch of '${owner.ownerLevel}', and so non-epoch receiver ` +
        `is not allowed. Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected.`,
    );
  }
  // An equal level displaces: that is how an event processor that came back takes over its own, half-dead link.
  return newcomer.ownerLevel >= owner.ownerLevel
    ? undefined
    : stolen(
        `Receiver '${owner.name}' with a higher epoch '${owner.ownerLevel}' already exists. ` +
          `Receiver '${newcomer.name}' with epoch ${newcomer.ownerLevel} cannot be created.`,
      );
}

function tooManyReaders(): Refusal {
  return {
    condition: "amqp:resource-limit-exceeded",
    description: `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${MAX_SHARED_READERS}.`,
  };
}

function displace(readers: Set<Reader>, newcomer: Reader): void {
  if (newcomer.ownerLevel === undefined) {
    return;
  }
  for (const reader of [...readers]) {
    readers.delete(reader);
    reader.detach(
      stolen(
        `New receiver '${newcomer.name}' with higher epoch of '${newcomer.ownerLevel}' is created hence current receiver ` +
          `'${reader.name}' with epoch '${reader.ownerLevel ?? "nil"}' is getting disconnected.`,
      ),
    );
  }
}
