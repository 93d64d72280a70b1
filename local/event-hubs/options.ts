// What a caller may ask of the broker, and the check that it makes sense.

export interface HubOptions {
  name: string;
  /** How many partitions; their ids are "0" to "partitions - 1". */
  partitions: number;
  /** Besides `$Default`, which every hub has. Links to any other group are refused. */
  consumerGroups?: readonly string[];
}

export interface BrokerOptions {
  hubs: readonly HubOptions[];
  /** TCP port on 127.0.0.1; 0, the default, takes a free one. */
  port?: number;
  /** Events a partition keeps; the oldest go first. */
  retainedEvents?: number;
  now?: () => Date;
  /** Told what went wrong on a connection: a peer's protocol violations, mostly. They end that connection only. */
  onError?: (error: Error) => void;
}

/** Event Hubs' own ceiling for partitions of one hub outside dedicated clusters. */
const MAX_PARTITIONS = 32;

/** Throws a TypeError that names the hub and the mend when the options cannot be served. */
export function checkOptions(options: BrokerOptions): void {
  const seen = new Set<string>();
  for (const { name, partitions } of options.hubs) {
    if (!/^[\w.-]+$/.test(name)) {
      throw new TypeError(`Event Hub name ${JSON.stringify(name)}: use letters, digits, ".", "-" and "_" only`);
    }
    if (seen.has(name.toLowerCase())) {
      throw new TypeError(`Event Hub "${name}" is listed twice (names ignore case): remove one of them`);
    }
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
      throw new TypeError(`Event Hub "${name}" asks for ${partitions} partitions: use 1 to ${MAX_PARTITIONS}`);
    }
    seen.add(name.toLowerCase());
  }
}
