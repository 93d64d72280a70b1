// The parts of rhea that its type declarations leave out, declared once.
import type { Socket } from "node:net";
import rhea, { type Connection, type Sender, type Typed } from "rhea";

interface Reader {
  position: number;
  read(): Typed;
  remaining(): number;
}

interface Writer {
  write(value: Typed): void;
  toBuffer(): Buffer;
}

type Types = typeof rhea.types & {
  Reader: new (buffer: Buffer) => Reader;
  Writer: new () => Writer;
  Map32(items: Typed[]): Typed;
};

export const types = rhea.types as Types;

/** A connection that a peer opened to us. */
export type ServerConnection = Connection & {
  accept(socket: Socket): void;
  /** Ends the connection's timers and tells the container; harmless when already ended. */
  eof(): void;
};

/** rhea counts both down only when a transfer is really written. */
export type CountingSender = Sender & { credit: number; delivery_count: number };

/** One value in the bytes AMQP gives it. */
export function encodeValue(value: Typed): Buffer {
  const writer = new types.Writer();
  writer.write(value);
  return writer.toBuffer();
}
