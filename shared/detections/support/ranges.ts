/** Is an address in one of these ranges. */
import { BlockList, isIP } from "node:net";

/** Built once for a list, which is the same object for many sign-ins. */
const built = new WeakMap<readonly string[], BlockList | null>();

/** CIDR notation. Null, which is no answer: the address or one of the ranges cannot be read. */
export function isWithin(ranges: readonly string[], address: string): boolean | null {
  const family = isIP(address);
  const list = built.has(ranges) ? built.get(ranges) : build(ranges);
  built.set(ranges, list ?? null);
  if (family === 0 || !list) return null;
  return list.check(address, family === 4 ? "ipv4" : "ipv6");
}

function build(ranges: readonly string[]): BlockList | null {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", bits = ""] = range.split("/");
    const family = isIP(network);
    const isValid = family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
    if (!isValid) return null;
    list.addSubnet(network, Number(bits), family === 4 ? "ipv4" : "ipv6");
  }
  return list;
}
