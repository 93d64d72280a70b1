/** Gzip → bytes. What is cut off, or spoilt on the way, is read as far as it goes; only then it throws. */
import { createGunzip, type Gunzip } from "node:zlib";

/** So much at once can unpack to some sixteen megabytes. */
const packedBytes = 16 * 1024;

export async function* unpack(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: 4 * packedBytes });
  const unpacked: Buffer[] = [];
  const failures: Error[] = [];
  gunzip.on("data", (chunk: Buffer) => unpacked.push(chunk));
  gunzip.on("error", (error) => failures.push(error));
  try {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.length && failures.length === 0; from += packedBytes) {
        await written(gunzip, chunk.subarray(from, from + packedBytes));
        yield* unpacked.splice(0);
      }
      if (failures.length > 0) break;
    }
    await ended(gunzip);
    yield* unpacked.splice(0);
  } finally {
    gunzip.destroy();
  }
  const [failure] = failures;
  if (failure !== undefined) throw failure;
}

/** Also where it turns out to be spoilt: of the part at hand nothing more is heard then. */
function written(gunzip: Gunzip, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      gunzip.off("close", done);
      resolve();
    };
    gunzip.once("close", done);
    gunzip.write(chunk, done);
  });
}

function ended(gunzip: Gunzip): Promise<void> {
  return new Promise((resolve) => {
    if (gunzip.closed) resolve();
    else gunzip.once("close", () => resolve()).end();
  });
}
