/** Bytes read of all bytes, on a terminal only, and beside the report. */
import { Presets, SingleBar } from "cli-progress";
import type { Source } from "./sources/source.ts";

export interface Progress {
  readonly add: (bytes: number) => void;
  stop(): void;
}

export function createProgress(sources: readonly Source[], stream: NodeJS.WriteStream, quiet: boolean): Progress {
  const sizes = sources.map(({ size }) => size);
  if (quiet || !stream.isTTY || sizes.includes(null)) return { add: () => undefined, stop: () => undefined };
  const total = sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const bar = new SingleBar(
    {
      stream,
      clearOnComplete: true,
      etaBuffer: 200,
      format: "{bar} {percentage}% of {megabytes} MB, {eta_formatted} left",
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { megabytes: megabytes(total) });
  return { add: (bytes) => bar.increment(bytes), stop: () => bar.stop() };
}
