/** The network of an address, as baselines know it: near enough that an address changing within it is nothing new. */

/** `203.0.113.7` → `net:203.0.113.0/24`, `2001:db8:1:2::3` → `net:2001:db8:1::/48`; null: not an address. */
export function networkOf(address: string): string | null {
  return address.includes(":") ? networkOfSix(address) : networkOfFour(address);
}

function networkOfFour(address: string): string | null {
  const parts = address.split(".");
  const valid = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  if (!valid) return null;
  return `net:${parts.slice(0, 3).map(Number).join(".")}.0/24`;
}

function networkOfSix(address: string): string | null {
  const groups = groupsOf(address);
  if (groups === null) return null;
  const [, , , , , mapped, high = "0", low = "0"] = groups;
  if (mapped === "ffff" && groups.slice(0, 5).every((group) => group === "0")) {
    const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
    return `net:${a >> 8}.${a & 255}.${b >> 8}.0/24`;
  }
  // written in full, so that one network has one spelling
  return `net:${groups.slice(0, 3).join(":")}::/48`;
}

/** Its eight groups, without leading zeros and in small letters. The URL standard's parser is the one that checks. */
function groupsOf(address: string): readonly string[] | null {
  const url = `http://[${address}]/`;
  if (!/^[0-9a-f:.]+$/i.test(address) || !URL.canParse(url)) return null;
  const [head = "", tail] = new URL(url).hostname.slice(1, -1).split("::");
  const [before, after] = [head, tail ?? ""].map((part) => (part === "" ? [] : part.split(":")));
  if (before === undefined || after === undefined) return null;
  return [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
}
